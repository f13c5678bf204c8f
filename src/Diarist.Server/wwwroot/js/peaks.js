// Peaks of the sound in tiles: fetched when they come into sight, coarser ones shown until then, the oldest forgotten.
import { api } from './api.js';

const columns = 1024;
const finest = 0.05;
const kept = 160;
const atOnce = 3;

export class PeakTiles {
    #tiles = new Map();
    #wanted = [];
    #running = 0;
    #abort = new AbortController();
    #onload;

    /** Tiles of a recording; onload is called when one has come. */
    constructor(id, seconds, onload) {
        this.id = id;
        this.seconds = seconds;
        this.#onload = onload;
        this.coarsest = Math.max(0, Math.ceil(Math.log2(seconds / columns / finest)));
        /** The loudest sample of the recording in 127ths of full scale, as far as is known. */
        this.loudest = 24;
        this.#get(this.coarsest, 0);
    }

    /** The level whose columns are the widest that are no wider than a stretch of seconds. */
    level(seconds) {
        return Math.min(this.coarsest, Math.max(0, Math.floor(Math.log2(seconds / finest) + 1e-9)));
    }

    /** Asks for what a stretch needs, and forgets earlier wishes. */
    want(from, to, level) {
        this.#wanted = [];
        const width = columns * finest * 2 ** level;
        for (let index = Math.max(0, Math.floor(from / width)); index <= Math.floor(Math.min(to, this.seconds - 1e-6) / width); index++) {
            this.#get(level, index);
        }
    }

    /** The greatest absolute value between two times, 0 to 1 of the loudest; from a coarser level where the wanted one is not there yet. */
    loudness(from, to, level) {
        for (let coarse = level; coarse <= this.coarsest; coarse++) {
            const column = finest * 2 ** coarse;
            const first = Math.floor(from / column);
            const tile = this.#tiles.get(key(coarse, Math.floor(first / columns)));
            if (tile?.values) {
                tile.used = performance.now();
                const end = (Math.floor(first / columns) + 1) * columns - 1;
                const last = Math.min(end, Math.max(first, Math.ceil(to / column) - 1));
                let most = 0;
                for (let index = first; index <= last; index++) {
                    const value = tile.values[index % columns];
                    if (value > most) {
                        most = value;
                    }
                }

                return Math.min(1, most / this.loudest);
            }
        }

        return 0;
    }

    close() {
        this.#abort.abort();
        this.#wanted = [];
    }

    #get(level, index) {
        const name = key(level, index);
        if (!this.#tiles.has(name)) {
            this.#wanted.push({ level, index, name });
            this.#work();
        }
    }

    #work() {
        while (this.#running < atOnce && this.#wanted.length > 0) {
            const { level, index, name } = this.#wanted.shift();
            if (!this.#tiles.has(name)) {
                this.#tiles.set(name, { values: null, used: performance.now() });
                this.#running++;
                this.#fetch(level, index, name).finally(() => {
                    this.#running--;
                    this.#work();
                });
            }
        }
    }

    async #fetch(level, index, name) {
        const width = columns * finest * 2 ** level;
        try {
            const { min, max } = await api.peaks(this.id, index * width, (index + 1) * width, columns, this.#abort.signal);
            const values = new Uint8Array(columns);
            for (let column = 0; column < values.length; column++) {
                values[column] = Math.max(Math.abs(min[column] ?? 0), Math.abs(max[column] ?? 0));
                if (values[column] > this.loudest) {
                    this.loudest = values[column];
                }
            }

            this.#tiles.set(name, { values, used: performance.now() });
            this.#forget();
            this.#onload();
        } catch (error) {
            // Asked for again when it is next in sight.
            this.#tiles.delete(name);
        }
    }

    #forget() {
        if (this.#tiles.size > kept) {
            const overview = key(this.coarsest, 0);
            const old = [...this.#tiles].filter(([name, tile]) => tile.values && name !== overview).sort((left, right) => left[1].used - right[1].used);
            old.slice(0, this.#tiles.size - kept).forEach(([name]) => this.#tiles.delete(name));
        }
    }
}

const key = (level, index) => `${level}/${index}`;
