// The view of one recording: timeline, controls, transcript and panels, and what they do together.
import { announce, toast } from './announce.js';
import { api } from './api.js';
import { changed, changedText } from './changes.js';
import { messageDialog } from './dialogs.js';
import { button, h, setText } from './dom.js';
import { connection } from './events.js';
import { exportMenu } from './exports.js';
import { icon } from './icons.js';
import { addKeys } from './keys.js';
import { SpeakerColours } from './palette.js';
import { markBar } from './marks.js';
import { Player } from './player.js';
import { Review } from './review.js';
import { sessionShortcuts } from './shortcuts.js';
import { SpeakersPanel } from './speakers.js';
import { Disposer } from './store.js';
import { Timeline } from './timeline.js';
import { Transcript } from './transcript.js';
import { transport } from './transport.js';
import { askWhose } from './turndialog.js';
import { TurnIndex } from './turnindex.js';

const savingTexts = { saved: 'All changes are saved', saving: 'Saving …', waiting: 'Not saved yet: waiting for the server' };

export class SessionView {
    #ends = new Disposer();
    #index;

    /** model holds a loaded session. */
    constructor(main, actions, model) {
        const { seconds } = model.session.value;
        this.model = model;
        this.colours = new SpeakerColours();
        model.session.value.speakers.forEach(speaker => this.colours.slot(speaker.label));
        this.whoseOf = id => this.whose(id);
        this.player = new Player(api.audioPath(model.id), seconds);
        this.timeline = new Timeline(model.id, seconds, this.colours, {
            seek: time => this.seek(time),
            select: id => this.transcript.select(id),
            play: id => this.#playId(id),
            speaker: label => this.#openPanel() && this.speakers.rename(label),
            nameOf: label => model.nameOf(label),
        });
        this.transcript = new Transcript(model, this.colours, { seek: time => this.seek(time), play: id => this.#playId(id), whose: this.whoseOf });
        this.speakers = new SpeakersPanel(model, this.colours, { edit: change => this.edit(change), sample: label => this.#sample(label) });
        this.review = new Review(model, this.colours, {
            edit: change => this.edit(change),
            playRange: (start, end) => this.player.playRange(start, end),
            show: id => this.#showTurn(id),
            whose: this.whoseOf,
        });
        this.#build(main, actions, seconds);
        this.#connect();
    }

    close() {
        this.#ends.dispose();
        this.player.close();
        this.timeline.close();
        this.transcript.close();
        this.model.close();
    }

    /** Makes a correction; resolves with whether it was made. */
    async edit(change) {
        const before = this.#index;
        const error = await this.model.edit(change);
        if (!error) {
            this.#tellChange(change.kind, before);
            return true;
        }

        if (error.code === 'revision') {
            toast('The recording was changed elsewhere. Its newest state is shown; please look and make the correction again.', { bad: true });
        } else {
            await messageDialog('The correction was not made', error.message);
        }

        return false;
    }

    seek(time) {
        this.player.seek(time);
    }

    jump(time) {
        this.transcript.following.set(true);
        this.seek(time);
        const at = this.#index.before(time);
        if (at >= 0) {
            this.transcript.select(this.#index.turns[at].id);
        }
    }

    zoom(factor) {
        const { viewport } = this.timeline;
        const x = viewport.x(this.player.time);
        viewport.zoom(factor, x >= 0 && x <= viewport.width ? x : undefined);
    }

    whole() {
        this.timeline.viewport.show(0, Infinity);
    }

    follow() {
        const on = !this.transcript.following.value;
        this.transcript.following.set(on);
        if (on) {
            this.jump(this.player.time);
        }
    }

    playTurn() {
        const turn = this.transcript.turnFor(this.player.time);
        if (turn) {
            this.#playId(turn.id);
        }
    }

    move(by) {
        const turn = this.transcript.move(by, this.player.time);
        if (turn) {
            this.timeline.viewport.revealRange(turn.start, turn.end);
        }
    }

    async whose(id = this.transcript.turnFor(this.player.time)?.id) {
        const marked = this.transcript.marked.value;
        const ids = marked.size > 1 && marked.has(id) ? [...marked] : [id];
        const turns = ids.map(id => this.#turn(id)).filter(Boolean);
        const asked = this.review.active;
        if (turns.length > 0) {
            const change = await askWhose(turns, this.model, this.colours, turn => this.player.playRange(turn.start, turn.end));
            if (change && await this.edit(change)) {
                this.transcript.setMarks(new Set());
                if (asked && this.review.active) {
                    await this.review.answered();
                }
            }
        }
    }

    rename() {
        const turn = this.transcript.turnFor(this.player.time);
        if (turn && this.#openPanel()) {
            this.speakers.rename(turn.speaker);
        }
    }

    startReview() {
        this.#openPanel();
        return this.review.start();
    }

    merge() {
        const turn = this.transcript.turnFor(this.player.time);
        if (turn && this.model.session.value.speakers.length > 1) {
            this.speakers.merge(turn.speaker);
        }
    }

    mark() {
        const turn = this.transcript.turnFor(this.player.time);
        if (turn) {
            this.transcript.mark(turn.id);
        }
    }

    async split() {
        const turns = [...this.transcript.marked.value];
        if (turns.length < 2) {
            toast('Mark two turns or more of different people first (X).');
        } else if (await this.edit({ kind: 'split', turns })) {
            this.transcript.setMarks(new Set());
        }
    }

    escape() {
        this.transcript.setMarks(new Set());
        this.#closePanel();
    }

    undo() {
        return this.model.session.value.canUndo ? this.edit({ kind: 'undo' }) : announce('There is nothing to undo.');
    }

    redo() {
        return this.model.session.value.canRedo ? this.edit({ kind: 'redo' }) : announce('There is nothing to redo.');
    }

    #build(main, actions, seconds) {
        const undo = button('', () => this.undo(), { class: 'quiet icon', id: 'undo' }, icon('undo'));
        const redo = button('', () => this.redo(), { class: 'quiet icon', id: 'redo' }, icon('redo'));
        const saved = h('span', { class: 'saved small', id: 'saved', role: 'status' });
        const file = h('input', { type: 'file', class: 'visually-hidden', tabIndex: -1, 'aria-hidden': 'true', id: 'transcript-file', onchange: () => this.#addWords(file) });
        const add = button('', () => file.click(), { class: 'quiet', id: 'add-words', title: 'Add a transcript from a file: JSON, SRT, VTT, CTM and others' }, icon('plus'), h('span', { class: 'wide-only' }, 'Words'));
        add.setAttribute('aria-label', 'Add a transcript');
        actions.replaceChildren(saved, undo, redo, add, file, exportMenu(this.model.id, () => this.model.session.value.words.length > 0));
        this.panel = h('aside', { class: 'side', 'aria-label': 'Speakers and review', id: 'side' }, button('', () => this.#closePanel(true), { class: 'quiet icon side-close', 'aria-label': 'Close' }, icon('close')), this.review.element, this.speakers.element);
        this.opener = button('', () => this.#openPanel() && this.panel.querySelector('button').focus(), { class: 'side-open', 'aria-label': 'Speakers and review', 'aria-controls': 'side' }, icon('people'));
        const controls = transport(this.player, this.timeline, this.transcript, seconds, { playTurn: () => this.playTurn(), zoom: factor => this.zoom(factor), whole: () => this.whole(), follow: () => this.follow() }, this.#ends);
        controls.append(this.opener);
        const marks = markBar(this, this.#ends);
        main.replaceChildren(this.timeline.element, controls, h('div', { class: 'lower' }, h('div', { class: 'reading' }, marks, this.transcript.element), this.panel));
        this.#ends.add(this.model.saving.subscribe(value => {
            setText(saved, savingTexts[value]);
            saved.dataset.state = value;
        }));
        this.#ends.add(this.model.session.subscribe(session => {
            for (const [element, can, text, key] of [[undo, session.canUndo, session.undoText, 'Undo'], [redo, session.canRedo, session.redoText, 'Redo']]) {
                element.disabled = !can;
                element.title = can && text ? `${key}: ${text}` : key;
                element.setAttribute('aria-label', element.title);
            }

            add.hidden = session.words.length > 0;
        }));
    }

    #connect() {
        this.#ends.add(this.model.session.subscribe(session => {
            this.#index = new TurnIndex(session);
            this.timeline.update(this.#index, session.speakers);
            this.transcript.update(this.#index, session);
            this.speakers.update(session);
        }));
        this.#ends.add(this.player.onTime(time => {
            const playing = this.player.state.value === 'playing';
            this.timeline.setTime(time, playing);
            this.transcript.setTime(time, playing);
        }));
        this.#ends.add(this.transcript.current.subscribe(id => this.timeline.select([...this.transcript.marked.value, id])));
        // Tiles that failed while the server was gone are asked for again.
        this.#ends.add(connection.subscribe(({ state }) => { if (state === 'online') { this.timeline.invalidate(); } }));
        sessionShortcuts(this).forEach(table => this.#ends.add(addKeys(table)));
    }

    /** Says how far a correction reached; with a way back. */
    #tellChange(kind, before) {
        if (kind === 'undo' || kind === 'redo') {
            announce(kind === 'undo' ? 'Undone.' : 'Made again.');
        } else if (kind === 'rename') {
            announce('Renamed.');
        } else {
            toast(changedText(changed(before, this.#index)), { label: 'Undo', action: () => this.undo(), topic: 'change' });
        }
    }

    #turn(id) {
        return this.#index.turns[this.#index.byId.get(id)];
    }

    #playId(id) {
        const { start, end } = this.#turn(id);
        this.transcript.select(id);
        this.player.playRange(start, end);
    }

    #showTurn(id) {
        const turn = this.#turn(id);
        if (turn) {
            this.transcript.following.set(false);
            this.transcript.select(id, 'start');
            this.timeline.viewport.revealRange(turn.start, turn.end);
        }
    }

    /** Plays the longest turn of a speaker that nobody else speaks in, at most 6 s of it. */
    #sample(label) {
        const alone = (this.#index.bySpeaker.get(label) ?? []).filter(turn => !this.#index.overlaps.some(stretch => stretch.start < turn.end && stretch.end > turn.start));
        const turns = alone.length > 0 ? alone : this.#index.bySpeaker.get(label);
        const longest = turns.reduce((most, turn) => turn.end - turn.start > most.end - most.start ? turn : most);
        this.player.playRange(longest.start, Math.min(longest.end, longest.start + 6));
    }

    async #addWords(file) {
        const [chosen] = file.files;
        file.value = '';
        if (chosen) {
            try {
                await this.model.addTranscript(chosen);
                announce('The words are there.');
                for (const warning of this.model.session.value.warnings) {
                    toast(`${chosen.name}: ${warning}`, { bad: true });
                }
            } catch (error) {
                await messageDialog('The transcript was not added', error.message);
            }
        }
    }

    /** On narrow screens the panel lies over the transcript. */
    #openPanel() {
        this.panel.classList.add('open');
        return true;
    }

    #closePanel(refocus) {
        this.panel.classList.remove('open');
        if (refocus) {
            this.opener.focus();
        }
    }
}
