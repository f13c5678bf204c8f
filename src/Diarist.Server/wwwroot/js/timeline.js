// The timeline: overview, ruler, lanes with the speakers' names, and the playhead.
import { Canvas } from './canvas.js';
import { h } from './dom.js';
import { clock, duration } from './format.js';
import { drawLanes } from './lanes.js';
import { Overview } from './overview.js';
import { initials } from './palette.js';
import { panZoom } from './panzoom.js';
import { PeakTiles } from './peaks.js';
import { drawRuler } from './ruler.js';
import { Disposer } from './store.js';
import { onThemeChange } from './theme.js';
import { Viewport } from './viewport.js';

const rulerHeight = 22;

export class Timeline {
    #ends = new Disposer();
    #lanes = new Canvas('', context => drawLanes(context, this.#view()));
    #ruler = new Canvas('ruler', context => drawRuler(context, this.viewport, rulerHeight));
    #names = h('ul', { class: 'lane-names', 'aria-label': 'Speakers in the timeline' });
    #head = h('div', { class: 'playhead' });
    #hint = h('div', { class: 'hint', hidden: true });
    #overview;
    #scroller;
    #labels = [];
    #index;
    #time = 0;
    #spoken = '';

    /** actions: seek(time), select(turnId), play(turnId), speaker(label). */
    constructor(id, seconds, colours, actions) {
        this.viewport = new Viewport(seconds);
        this.colours = colours;
        this.actions = actions;
        this.selected = new Set();
        this.peaks = new PeakTiles(id, seconds, () => { this.#lanes.invalidate(); this.#overview.invalidate(); });
        this.#overview = new Overview(this.viewport, () => this.#view(), time => actions.seek(time));
        this.slider = h('div', { class: 'lane-area', role: 'slider', tabIndex: 0, 'aria-label': 'Position in the recording', 'aria-valuemin': '0', 'aria-valuemax': String(Math.round(seconds)) }, this.#lanes.element, this.#head, this.#hint);
        this.#scroller = h('div', { class: 'lanes' }, this.#names, this.slider);
        this.element = h('section', { class: 'timeline', 'aria-label': 'Timeline' },
            h('div', { class: 'timeline-head' }, this.#overview.element, h('div', { class: 'ruler-row' }, this.#ruler.element)),
            this.#scroller);
        panZoom(this.slider, this.viewport, (x, y, event) => this.#click(x, y, event));
        panZoom(this.#ruler.element, this.viewport, x => actions.seek(this.viewport.time(x)));
        this.slider.addEventListener('pointermove', event => this.#hover(event));
        this.slider.addEventListener('pointerleave', () => { this.#hint.hidden = true; });
        this.slider.addEventListener('dblclick', event => this.#withTurn(event, turn => actions.play(turn.id)));
        const size = new ResizeObserver(() => this.#resize());
        size.observe(this.slider);
        this.#ends.add(() => size.disconnect());
        this.#ends.add(this.viewport.onChange(() => this.#moved()));
        this.#ends.add(onThemeChange(() => this.invalidate()));
    }

    /** Shows turns; labels are the speakers in the order of their lanes. */
    update(index, speakers) {
        this.#index = index;
        this.#labels = speakers.map(speaker => speaker.label);
        this.laneHeight = speakers.length <= 4 ? 42 : speakers.length <= 7 ? 34 : 26;
        this.#names.replaceChildren(...speakers.map(speaker => {
            const row = h('li', {}, h('button', { type: 'button', class: 'quiet lane-name', title: `${speaker.name}: rename or merge`, 'aria-label': `${speaker.name}: rename or merge`, onclick: () => this.actions.speaker(speaker.label) },
                h('span', { class: 'badge', 'aria-hidden': 'true' }, initials(speaker.name)), h('span', { class: 'lane-text' }, speaker.name)));
            row.dataset.speaker = this.colours.slot(speaker.label);
            row.style.height = `${this.laneHeight}px`;
            return row;
        }));
        this.#resize();
        this.#speak();
    }

    setTime(time, reveal) {
        this.#time = time;
        if (reveal) {
            this.viewport.reveal(time);
        }

        this.#placeHead();
        this.#speak();
    }

    select(ids) {
        this.selected = new Set(ids);
        this.#lanes.invalidate();
    }

    invalidate() {
        this.#lanes.invalidate();
        this.#ruler.invalidate();
        this.#overview.invalidate();
    }

    close() {
        this.#ends.dispose();
        this.peaks.close();
        this.#lanes.close();
        this.#ruler.close();
    }

    #view() {
        return { viewport: this.viewport, index: this.#index, labels: this.#labels, laneHeight: this.laneHeight, slot: label => this.colours.slot(label), peaks: this.peaks, selected: this.selected };
    }

    #resize() {
        const width = this.slider.clientWidth;
        if (width > 0 && this.#index) {
            this.viewport.resize(width);
            this.#lanes.resize(width, this.laneHeight * this.#labels.length);
            this.#ruler.resize(width, rulerHeight);
            this.#overview.resize(width);
            this.#placeHead();
        }
    }

    #moved() {
        this.#lanes.invalidate();
        this.#ruler.invalidate();
        this.#overview.place();
        this.#placeHead();
    }

    #placeHead() {
        const x = this.viewport.x(this.#time);
        this.#head.style.transform = `translateX(${x}px)`;
        this.#head.hidden = x < -2 || x > this.viewport.width + 2;
        this.#overview.setTime(this.#time);
    }

    /** The position in words, for screen readers; once a second. */
    #speak() {
        const time = clock(this.#time);
        if (this.#index && time !== this.#spoken) {
            this.#spoken = time;
            const who = this.#index.at(this.#time).map(turn => this.actions.nameOf(this.#index.turns[turn].speaker));
            this.slider.setAttribute('aria-valuenow', String(Math.round(this.#time)));
            this.slider.setAttribute('aria-valuetext', `${time} of ${clock(this.viewport.seconds)}, ${who.length > 0 ? `${who.join(' and ')} ${who.length > 1 ? 'speak' : 'speaks'}` : 'nobody speaks'}`);
        }
    }

    #turnAt(x, y) {
        const label = this.#labels[Math.floor(y / this.laneHeight)];
        const slack = this.viewport.scale * 2;
        const time = this.viewport.time(x);
        return label && (this.#index.ofSpeaker(label, time) ?? this.#index.ofSpeaker(label, time + slack) ?? this.#index.ofSpeaker(label, time - slack));
    }

    #withTurn(event, run) {
        const box = this.slider.getBoundingClientRect();
        const turn = this.#turnAt(event.clientX - box.left, event.clientY - box.top);
        if (turn) {
            run(turn, event.clientX - box.left, event.clientY - box.top);
        }

        return turn;
    }

    #click(x, y) {
        const turn = this.#turnAt(x, y);
        this.actions.seek(this.viewport.time(x));
        if (turn) {
            this.actions.select(turn.id);
        }
    }

    #hover(event) {
        if (event.pointerType === 'touch' || !this.#index) {
            return;
        }

        const turn = this.#withTurn(event, (turn, x, y) => {
            const others = this.#index.turns.slice(...this.#range(turn)).filter(other => other.speaker !== turn.speaker && other.end > turn.start && other.start < turn.end);
            const over = [...new Set(others.map(other => this.actions.nameOf(other.speaker)))];
            this.#hint.textContent = `${this.actions.nameOf(turn.speaker)} ${clock(turn.start, true)} to ${clock(turn.end, true)} (${duration(turn.end - turn.start)})${over.length > 0 ? `, with ${over.join(', ')}` : ''}${turn.uncertain ? ', uncertain' : ''}`;
            this.#hint.hidden = false;
            const width = this.#hint.offsetWidth;
            this.#hint.style.transform = `translate(${Math.max(2, Math.min(x + 12, this.viewport.width - width - 2))}px, ${Math.max(2, y - 34)}px)`;
        });
        this.#hint.hidden = !turn;
    }

    #range(turn) {
        const at = this.#index.byId.get(turn.id);
        return [Math.max(0, at - 40), at + 40];
    }
}
