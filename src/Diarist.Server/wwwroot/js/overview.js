// The whole recording as one strip, with the stretch that the lanes show as a window that can be moved.
import { Canvas } from './canvas.js';
import { h } from './dom.js';
import { colour } from './palette.js';

const step = 3;
const height = 30;

export class Overview {
    #canvas;
    #window = h('div', { class: 'overview-window' });
    #head = h('div', { class: 'playhead' });

    /** view() gives what drawLanes needs; seek(time) is called for a click. */
    constructor(viewport, view, seek) {
        this.viewport = viewport;
        this.#canvas = new Canvas('', (context, width) => draw(context, width, view()));
        this.element = h('div', { class: 'overview', 'aria-hidden': 'true' }, this.#canvas.element, this.#window, this.#head);
        this.element.addEventListener('pointerdown', event => this.#press(event, seek));
    }

    resize(width) {
        this.width = width;
        this.#canvas.resize(width, height);
        this.place();
    }

    /** Draws again; needed when turns, peaks or colours change, not when the lanes move. */
    invalidate() {
        this.#canvas.invalidate();
    }

    /** Puts the window where the lanes are. */
    place() {
        const { viewport } = this;
        const left = viewport.from / viewport.seconds * this.width;
        const width = Math.max(6, viewport.span / viewport.seconds * this.width);
        this.#window.style.transform = `translateX(${Math.min(left, this.width - width)}px)`;
        this.#window.style.width = `${width}px`;
        this.#window.hidden = viewport.span >= viewport.seconds * 0.999;
    }

    setTime(time) {
        this.#head.style.transform = `translateX(${time / this.viewport.seconds * (this.width ?? 0)}px)`;
    }

    #press(event, seek) {
        const { viewport, element } = this;
        const box = element.getBoundingClientRect();
        const timeAt = x => (x - box.left) / box.width * viewport.seconds;
        const grabbed = timeAt(event.clientX) - viewport.from;
        const inside = grabbed >= 0 && grabbed <= viewport.span && !this.#window.hidden;
        let moved = false;
        element.setPointerCapture(event.pointerId);
        const move = next => {
            moved ||= Math.abs(next.clientX - event.clientX) > 3;
            if (moved) {
                viewport.show(timeAt(next.clientX) - (inside ? grabbed : viewport.span / 2));
            }
        };
        const up = () => {
            element.removeEventListener('pointermove', move);
            element.removeEventListener('pointerup', up);
            element.removeEventListener('pointercancel', up);
            if (!moved) {
                const time = timeAt(event.clientX);
                seek(time);
                viewport.show(time - viewport.span / 2);
            }
        };
        element.addEventListener('pointermove', move);
        element.addEventListener('pointerup', up);
        element.addEventListener('pointercancel', up);
    }
}

/** Each bar has the colour of who speaks longest in it. */
function draw(context, width, { index, labels, slot, peaks }) {
    const bars = Math.ceil(width / step);
    const seconds = index.seconds / (width / step);
    const shares = labels.map(() => new Float32Array(bars));
    const lanes = new Map(labels.map((label, lane) => [label, lane]));
    for (const turn of index.turns) {
        const share = shares[lanes.get(turn.speaker)];
        for (let bar = Math.max(0, Math.floor(turn.start / seconds)); share && bar <= Math.min(bars - 1, Math.floor(turn.end / seconds)); bar++) {
            share[bar] += Math.min(turn.end, (bar + 1) * seconds) - Math.max(turn.start, bar * seconds);
        }
    }

    const level = peaks.level(seconds);
    for (let bar = 0; bar < bars; bar++) {
        let most = -1;
        shares.forEach((share, lane) => {
            if (share[bar] > 0 && (most < 0 || share[bar] > shares[most][bar])) {
                most = lane;
            }
        });
        const tall = Math.max(2, (height - 6) * peaks.loudness(bar * seconds, (bar + 1) * seconds, level) ** 0.8);
        context.fillStyle = colour(most < 0 ? '--wave' : `--s${slot(labels[most])}`);
        context.fillRect(bar * step, (height - tall) / 2, 2, tall);
    }
}
