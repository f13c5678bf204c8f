// Heights of many rows: sums and searches in O(log n) (a Fenwick tree).

export class Heights {
    #tree;
    #values;

    constructor(values) {
        this.#values = Float64Array.from(values);
        this.#tree = new Float64Array(this.#values.length + 1);
        for (let index = 1; index < this.#tree.length; index++) {
            this.#tree[index] += this.#values[index - 1];
            const parent = index + (index & -index);
            if (parent < this.#tree.length) {
                this.#tree[parent] += this.#tree[index];
            }
        }
    }

    get count() {
        return this.#values.length;
    }

    get total() {
        return this.top(this.count);
    }

    get(index) {
        return this.#values[index];
    }

    set(index, height) {
        const change = height - this.#values[index];
        this.#values[index] = height;
        for (let at = index + 1; at < this.#tree.length; at += at & -at) {
            this.#tree[at] += change;
        }
    }

    /** The sum of the heights before a row. */
    top(index) {
        let sum = 0;
        for (let at = index; at > 0; at -= at & -at) {
            sum += this.#tree[at];
        }

        return sum;
    }

    /** The row at a distance from the top. */
    at(distance) {
        let index = 0;
        for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.count))); step > 0; step >>= 1) {
            if (index + step <= this.count && this.#tree[index + step] <= distance) {
                index += step;
                distance -= this.#tree[index];
            }
        }

        return Math.max(0, Math.min(this.count - 1, index));
    }
}
