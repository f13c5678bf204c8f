// A value that others watch.

/** A value; subscribers hear of every change, and of the present value at once. */
export class Store {
    #value;
    #listeners = new Set();

    constructor(value) {
        this.#value = value;
    }

    get value() {
        return this.#value;
    }

    set(value) {
        if (value !== this.#value) {
            this.#value = value;
            for (const listener of [...this.#listeners]) {
                listener(value);
            }
        }
    }

    /** Watches; returns what ends it. */
    subscribe(listener) {
        this.#listeners.add(listener);
        listener(this.#value);
        return () => this.#listeners.delete(listener);
    }
}

/** Collects what is to be undone when a view goes. */
export class Disposer {
    #ends = [];

    add(end) {
        this.#ends.push(end);
    }

    listen(target, type, listener, options) {
        target.addEventListener(type, listener, options);
        this.add(() => target.removeEventListener(type, listener, options));
    }

    dispose() {
        this.#ends.splice(0).reverse().forEach(end => end());
    }
}
