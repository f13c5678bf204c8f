// The stretch of the recording that the timeline shows.

/** The greatest zoom, in pixels a second. */
const finest = 400;

export class Viewport {
    #listeners = new Set();

    /** A recording of some seconds on some pixels, shown whole. */
    constructor(seconds) {
        this.seconds = Math.max(seconds, 0.1);
        this.width = 1;
        this.from = 0;
        this.span = this.seconds;
    }

    get to() {
        return this.from + this.span;
    }

    /** Seconds of one pixel. */
    get scale() {
        return this.span / this.width;
    }

    x(time) {
        return (time - this.from) / this.scale;
    }

    time(x) {
        return this.from + x * this.scale;
    }

    onChange(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    resize(width) {
        if (width > 0 && width !== this.width) {
            this.width = width;
            this.show(this.from, this.span);
        }
    }

    /** Shows a stretch, within the recording. */
    show(from, span = this.span) {
        this.span = Math.min(this.seconds, Math.max(this.width / finest, span));
        this.from = Math.min(Math.max(0, from), this.seconds - this.span);
        for (const listener of this.#listeners) {
            listener();
        }
    }

    pan(pixels) {
        this.show(this.from + pixels * this.scale);
    }

    /** Zooms by a factor; the time at x stays where it is. */
    zoom(factor, x = this.width / 2) {
        const time = this.time(x);
        const span = Math.min(this.seconds, Math.max(this.width / finest, this.span / factor));
        this.show(time - x / this.width * span, span);
    }

    /** Moves only if a time is not in sight, and then so that what follows is. */
    reveal(time, margin = 0.02) {
        if (time < this.from + this.span * margin * (this.from > 0 ? 1 : 0) || time > this.to - this.span * margin) {
            this.show(time - this.span * 0.1);
        }
    }

    /** Shows a stretch with some room on both sides, if it is not in sight well enough. */
    revealRange(start, end) {
        if (start < this.from || end > this.to) {
            this.show(start - Math.max(0, (this.span - (end - start)) / 3), Math.max(this.span, (end - start) * 1.2));
        }
    }
}
