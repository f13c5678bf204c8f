// A list of any length of which only the visible rows exist. Heights are estimated, then measured; what is in sight does not jump.
import { h } from './dom.js';
import { Heights } from './heights.js';

const overscan = 500;

export class VirtualList {
    #mounted = new Map();
    #heights = new Heights([]);
    #scheduled = false;
    #width = 0;
    #observer;

    /**
     * @param options {label, estimate(index, width), render(index): element}
     */
    constructor(options) {
        this.options = options;
        this.list = h('ol', { class: 'virtual', role: 'list', 'aria-label': options.label });
        this.element = h('div', { class: 'virtual-scroller' }, this.list);
        this.element.addEventListener('scroll', () => this.#render(), { passive: true });
        this.#observer = new ResizeObserver(() => this.#resized());
        this.#observer.observe(this.element);
    }

    /** Shows other rows. The row with the index `anchor` (of the new rows) comes to the distance `offset` from the top of the view. */
    reset(count, anchor = 0, offset = 0) {
        this.#mounted.forEach(row => row.remove());
        this.#mounted.clear();
        this.#width = this.element.clientWidth;
        this.#heights = new Heights(Array.from({ length: count }, (_, index) => this.options.estimate(index, this.#width)));
        this.#size();
        this.element.scrollTop = count > 0 ? this.#heights.top(anchor) - offset : 0;
        this.#render();
    }

    /** The element of a row, if it exists now. */
    row(index) {
        return this.#mounted.get(index);
    }

    /** The first row in sight and its distance from the top of the view. */
    anchor() {
        const { scrollTop } = this.element;
        const index = this.#heights.at(scrollTop);
        return { index, offset: this.#heights.top(index) - scrollTop };
    }

    /** Whether a row is in sight as a whole, or fills the view. */
    inSight(index) {
        const top = this.#heights.top(index);
        const { scrollTop, clientHeight } = this.element;
        const bottom = top + this.#heights.get(index);
        return (top >= scrollTop && bottom <= scrollTop + clientHeight) || (top <= scrollTop && bottom >= scrollTop + clientHeight);
    }

    /** Brings a row into sight; 'start' puts it at a third of the view, 'nearest' moves as little as is needed. */
    scrollTo(index, where = 'nearest') {
        if (where === 'nearest' && this.inSight(index)) {
            return;
        }

        const place = () => {
            const top = this.#heights.top(index);
            const { scrollTop, clientHeight } = this.element;
            this.element.scrollTop = where === 'start' || top < scrollTop - clientHeight || top > scrollTop + 2 * clientHeight
                ? top - clientHeight / 3
                : top < scrollTop ? top - 8 : top + Math.min(this.#heights.get(index), clientHeight - 8) - clientHeight + 8;
            this.#render();
        };
        place();
        // The rows above were measured now, so that the place is right.
        place();
    }

    close() {
        this.#observer.disconnect();
    }

    #size() {
        this.list.style.height = `${this.#heights.total}px`;
    }

    #resized() {
        if (this.element.clientWidth !== this.#width && this.element.clientWidth > 0) {
            const { index, offset } = this.anchor();
            this.reset(this.#heights.count, index, offset);
        } else if (!this.#scheduled) {
            this.#scheduled = true;
            requestAnimationFrame(() => {
                this.#scheduled = false;
                this.#render();
            });
        }
    }

    #render() {
        if (this.#heights.count === 0 || this.element.clientHeight === 0) {
            return;
        }

        const anchor = this.anchor();
        const top = this.element.scrollTop - overscan;
        const bottom = this.element.scrollTop + this.element.clientHeight + overscan;
        const first = this.#heights.at(Math.max(0, top));
        const last = this.#heights.at(bottom);
        const fresh = this.#mount(first, last);
        if (fresh.length > 0) {
            this.#measure(fresh, anchor);
        }
    }

    #mount(first, last) {
        for (const [index, row] of this.#mounted) {
            if ((index < first || index > last) && !row.contains(document.activeElement)) {
                row.remove();
                this.#mounted.delete(index);
            }
        }

        const fresh = [];
        for (let index = first; index <= last; index++) {
            if (!this.#mounted.has(index)) {
                const row = this.options.render(index);
                row.setAttribute('aria-setsize', String(this.#heights.count));
                row.setAttribute('aria-posinset', String(index + 1));
                this.#mounted.set(index, row);
                // In the order of the document, for screen readers and the Tab key.
                let after = null;
                for (let next = index + 1; next <= last && after === null; next++) {
                    after = this.#mounted.get(next) ?? null;
                }

                this.list.insertBefore(row, after);
                fresh.push(index);
            }
        }

        return fresh;
    }

    #measure(fresh, anchor) {
        const measured = fresh.map(index => this.#mounted.get(index).offsetHeight);
        let changed = false;
        fresh.forEach((index, at) => {
            if (measured[at] > 0 && measured[at] !== this.#heights.get(index)) {
                this.#heights.set(index, measured[at]);
                changed = true;
            }
        });
        const place = changed ? [...this.#mounted.keys()] : fresh;
        for (const index of place) {
            this.#mounted.get(index).style.transform = `translateY(${this.#heights.top(index)}px)`;
        }

        if (changed) {
            this.#size();
            const scroll = this.#heights.top(anchor.index) - anchor.offset;
            if (Math.abs(scroll - this.element.scrollTop) >= 1) {
                this.element.scrollTop = scroll;
            }
        }
    }
}
