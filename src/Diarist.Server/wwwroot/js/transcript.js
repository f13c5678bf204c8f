// The transcript: rows of turns, the word that is heard now, what is current and what is marked.
import { announce } from './announce.js';
import { h } from './dom.js';
import { estimateHeight, firstRows, makeRows } from './rows.js';
import { Store } from './store.js';
import { lowerBound } from './turnindex.js';
import { turnRow } from './turnrow.js';
import { VirtualList } from './virtuallist.js';

export class Transcript {
    /** Whether the list follows the playback. */
    following = new Store(true);

    /** The id of the turn that shortcuts are about. */
    current = new Store(null);

    /** The ids of marked turns. */
    marked = new Store(new Set());

    #rows = [];
    #first = [];
    #index = null;
    #live = [];
    #word = null;
    #self = false;
    #view;

    /** actions: seek(time), play(turnId), whose(turnId). model: SessionModel. */
    constructor(model, colours, actions) {
        Object.assign(this, { model, colours, actions });
        this.#view = { nameOf: label => model.nameOf(label), slot: label => colours.slot(label), hasWords: false, marked: new Set() };
        this.list = new VirtualList({
            label: 'Turns',
            estimate: (index, width) => estimateHeight(this.#rows[index], this.#view.hasWords, width),
            render: index => this.#render(index),
        });
        this.empty = h('p', { class: 'empty-note muted', hidden: true }, 'Nobody speaks in this recording.');
        this.element = h('section', { class: 'transcript', 'aria-label': 'Transcript' }, this.empty, this.list.element);
        this.list.element.addEventListener('click', event => this.#click(event));
        this.list.element.addEventListener('focusin', event => this.#focus(event));
        for (const type of ['wheel', 'touchmove']) {
            this.list.element.addEventListener(type, () => this.following.set(false), { passive: true });
        }

        this.list.element.addEventListener('pointerdown', event => {
            // On the scroll bar.
            if (event.target === this.list.element) {
                this.following.set(false);
            }
        });
    }

    /** Shows a session; what was at the top of the view stays there. */
    update(index, session) {
        const { index: top, offset } = this.list.anchor();
        const before = this.#rows[top]?.turn.start ?? 0;
        const focused = this.list.element.contains(document.activeElement);
        this.#carryOver(index);
        this.#index = index;
        this.#rows = makeRows(index);
        this.#first = firstRows(this.#rows);
        this.#view.hasWords = session.words.length > 0;
        this.empty.hidden = this.#rows.length > 0;
        const anchor = Math.max(0, Math.min(this.#rows.length - 1, lowerBound(this.#rows, before, row => row.turn.start)));
        this.#live = [];
        this.list.reset(this.#rows.length, anchor, before === 0 ? 0 : offset);
        if (focused) {
            this.focusTurn(this.current.value);
        }
    }

    close() {
        this.list.close();
    }

    /** Takes the turn as current and brings it into sight. */
    select(id, where = 'nearest') {
        const row = this.#rowOf(id);
        if (row !== undefined) {
            this.#setCurrent(id);
            this.list.scrollTo(row, where);
        }
    }

    /** Gives the focus to a turn. */
    focusTurn(id) {
        const row = this.#rowOf(id);
        if (row !== undefined) {
            this.list.scrollTo(row);
            this.#self = true;
            this.list.row(row)?.focus({ preventScroll: true });
            this.#self = false;
        }
    }

    /** The turn that shortcuts are about: the current one, else the one at a time. */
    turnFor(time) {
        const at = this.#index?.byId.get(this.current.value) ?? this.#index?.before(time);
        return at === undefined || at < 0 ? undefined : this.#index.turns[at];
    }

    /** Moves to the next turn or the one before, with the focus. */
    move(by, time) {
        const turn = this.turnFor(time);
        const at = this.#index?.byId.get(turn?.id);
        const next = at === undefined ? undefined : this.#index.turns[this.current.value === null ? at : at + by];
        if (next) {
            this.following.set(false);
            this.#setCurrent(next.id);
            this.focusTurn(next.id);
        }

        return next;
    }

    /** Marks a turn, or takes its mark away. */
    mark(id) {
        const marked = new Set(this.marked.value);
        if (!marked.delete(id)) {
            marked.add(id);
        }

        this.setMarks(marked);
        announce(marked.has(id) ? `Marked. ${marked.size} in all.` : 'No longer marked.');
    }

    setMarks(marked) {
        const changed = [...this.marked.value, ...marked];
        this.#view.marked = marked;
        this.marked.set(marked);
        for (const id of changed) {
            const row = this.list.row(this.#rowOf(id));
            row?.querySelector('[data-act=mark]')?.setAttribute('aria-pressed', String(marked.has(id)));
            row?.classList.toggle('marked', marked.has(id));
        }
    }

    /** Shows what is heard at a time; follows it while playing. */
    setTime(time, playing) {
        const at = this.#index?.at(time) ?? [];
        const live = at.map(turn => this.#rowAt(turn, time));
        if (live.length !== this.#live.length || live.some((row, index) => row !== this.#live[index])) {
            this.#live.forEach(row => this.#setLive(row, false));
            live.forEach(row => this.#setLive(row, true));
            this.#live = live;
            if (playing && live.length > 0) {
                this.#setCurrent(this.#rows[live.at(-1)].turn.id);
                if (this.following.value) {
                    this.list.scrollTo(live.at(-1), this.list.inSight(live.at(-1)) ? 'nearest' : 'start');
                }
            }
        }

        this.#showWord(live, time);
    }

    #rowOf(id) {
        const at = this.#index?.byId.get(id);
        return at === undefined ? undefined : this.#first[at];
    }

    /** The row of a turn that holds a time. */
    #rowAt(at, time) {
        let row = this.#first[at];
        while (this.#rows[row + 1]?.at === at && this.#rows[row + 1].words[0].start <= time) {
            row++;
        }

        return row;
    }

    #render(index) {
        const row = this.#rows[index];
        const element = turnRow(row, index, this.#view);
        element.classList.toggle('live', this.#live.includes(index));
        element.classList.toggle('marked', this.#view.marked.has(row.turn.id));
        if (row.turn.id === this.current.value) {
            this.#showCurrent(element, true);
        } else if (this.current.value === null && index === 0) {
            element.tabIndex = 0;
        }

        return element;
    }

    #setLive(row, live) {
        this.list.row(row)?.classList.toggle('live', live);
    }

    #showWord(live, time) {
        let found = null;
        for (const index of live) {
            const { words } = this.#rows[index];
            const at = lowerBound(words, time + 1e-6, word => word.start) - 1;
            if (at >= 0 && words[at].end + 0.15 > time) {
                found = this.list.row(index)?.querySelectorAll('.w')[at] ?? null;
            }
        }

        if (found !== this.#word) {
            this.#word?.classList.remove('now');
            found?.classList.add('now');
            this.#word = found;
        }
    }

    #setCurrent(id) {
        if (id !== this.current.value) {
            this.#showCurrent(this.list.row(this.#rowOf(this.current.value)), false);
            this.current.set(id);
            this.#showCurrent(this.list.row(this.#rowOf(id)), true);
        }
    }

    /** The current row is where the Tab key arrives, and so are its buttons. */
    #showCurrent(row, current) {
        if (row) {
            row.classList.toggle('current', current);
            row.ariaCurrent = current ? 'true' : null;
            [row, ...row.querySelectorAll('button')].forEach(element => { element.tabIndex = current ? 0 : -1; });
        }
    }

    /** A correction makes turns anew: the current and the marked ones are those that begin where they began. */
    #carryOver(next) {
        const carry = id => {
            const before = this.#index?.turns[this.#index.byId.get(id)];
            return before && next.turns.find(turn => Math.abs(turn.start - before.start) < 1e-3 && turn.end > before.start)?.id;
        };
        const current = carry(this.current.value) ?? null;
        const marked = new Set([...this.marked.value].map(carry).filter(id => id !== undefined));
        this.#view.marked = marked;
        this.current.set(current);
        this.marked.set(marked);
    }

    #click(event) {
        const element = event.target.closest('.turn');
        if (!element) {
            return;
        }

        const row = this.#rows[Number(element.dataset.row)];
        const { turn } = row;
        this.#setCurrent(turn.id);
        switch (event.target.closest('[data-act]')?.dataset.act) {
            case 'play': this.actions.play(turn.id); break;
            case 'mark': this.mark(turn.id); break;
            case 'who': this.actions.whose(turn.id); break;
            default:
                if (getSelection().isCollapsed) {
                    const word = event.target.closest('.w');
                    const at = word ? [...element.querySelectorAll('.w')].indexOf(word) : -1;
                    this.actions.seek(at >= 0 ? row.words[at].start : row.words[0]?.start ?? turn.start);
                }
        }
    }

    #focus(event) {
        const element = event.target.closest('.turn');
        if (element && !this.#self && event.target === element) {
            this.#setCurrent(this.#rows[Number(element.dataset.row)].turn.id);
        }
    }
}
