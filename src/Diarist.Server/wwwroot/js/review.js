// The review: questions that matter most, one after another, answered with the keys 1, 2, 3 …
import { announce } from './announce.js';
import { api } from './api.js';
import { button, h } from './dom.js';
import { clock, duration, plural } from './format.js';
import { icon } from './icons.js';
import { initials } from './palette.js';
import { Store } from './store.js';

export class Review {
    /** The question that is asked, or null. */
    question = new Store(null);

    #questions = [];
    #skipped = new Set();
    #answered = 0;
    #body = h('div', { class: 'review-body' });

    /** actions: edit(change), playRange(start, end), show(turnId). */
    constructor(model, colours, actions) {
        Object.assign(this, { model, colours, actions });
        this.element = h('section', { class: 'panel review', 'aria-labelledby': 'review-title' }, h('h2', { id: 'review-title' }, 'Review'), this.#body);
        this.#show();
    }

    get active() {
        return this.question.value !== null;
    }

    /** Begins, or goes on. */
    async start() {
        this.#skipped.clear();
        this.#answered = 0;
        this.#body.replaceChildren(h('div', { class: 'spinner' }));
        if (await this.#fetch()) {
            this.#ask();
        }
    }

    stop() {
        this.question.set(null);
        this.#show();
        this.element.querySelector('button')?.focus();
    }

    skip() {
        this.#skipped.add(this.#key(this.question.value));
        this.#ask();
    }

    /** Plays the turn in question. */
    play() {
        const { start, end } = this.question.value;
        this.actions.playRange(start, end);
    }

    /** Plays the voice of the choice with an index. */
    playVoice(index) {
        const label = this.question.value.choices[index]?.label;
        const excerpt = this.question.value.excerpts.find(excerpt => excerpt.speaker === label);
        if (excerpt) {
            this.actions.playRange(excerpt.start, excerpt.end);
        }
    }

    /** Answers with the choice with an index; returns false where there is none. */
    answer(index) {
        const choice = this.question.value?.choices[index];
        if (!choice) {
            return false;
        }

        this.#settle({ kind: 'answer', turns: [this.question.value.turn], label: choice.label });
        return true;
    }

    answerNobody() {
        if (this.question.value.aboutSpeaker) {
            return false;
        }

        this.#settle({ kind: 'nobody', turns: [this.question.value.turn] });
    }

    /** Goes on after another dialog gave the answer. */
    answered() {
        this.#skipped.add(this.#key(this.question.value));
        this.#answered++;
        return this.#next();
    }

    async #settle(change) {
        const key = this.#key(this.question.value);
        this.#body.querySelectorAll('button').forEach(element => { element.disabled = true; });
        // Not asked again, even where the answer leaves a doubt.
        this.#skipped.add(key);
        if (await this.actions.edit(change)) {
            this.#answered++;
        }

        await this.#next();
    }

    /** The turns are others now, and so are the questions. */
    async #next() {
        if (await this.#fetch()) {
            this.#ask();
        }
    }

    async #fetch() {
        try {
            this.#questions = await api.review(this.model.id);
            return true;
        } catch (error) {
            this.question.set(null);
            this.#body.replaceChildren(h('p', { class: 'note bad' }, `The questions did not come: ${error.message}`), button('Try again', () => this.start()));
            return false;
        }
    }

    #key(question) {
        return `${question.start.toFixed(2)}/${question.end.toFixed(2)}/${question.aboutSpeaker === true}`;
    }

    #ask() {
        const open = this.#questions.filter(question => !this.#skipped.has(this.#key(question)));
        this.question.set(open[0] ?? null);
        if (!this.active) {
            this.#show(true);
            announce('No more questions.');
            return;
        }

        const { choices, secondsAffected, turn, aboutSpeaker } = this.question.value;
        this.#body.replaceChildren(
            h('p', { class: 'small muted' }, `${plural(open.length, 'question')} left${secondsAffected ? `; this one decides ${duration(secondsAffected)}` : ''}`),
            h('p', { class: 'asked numbers' }, sentence(this.question.value)),
            button('', () => this.play(), { class: 'hear' }, icon('play'), 'Hear it', h('kbd', {}, 'P')),
            h('ul', { class: 'answers' }, choices.map((choice, index) => this.#choice(choice, index))),
            h('div', { class: 'actions' },
                aboutSpeaker ? null : button('', () => this.answerNobody(), { class: 'quiet' }, 'Nobody', h('kbd', {}, '0')),
                aboutSpeaker ? null : button('', () => this.actions.whose(turn), { class: 'quiet' }, 'Somebody else', h('kbd', {}, 'T')),
                button('', () => this.skip(), { class: 'quiet' }, 'Skip', h('kbd', {}, 'S')),
                button('', () => this.stop(), { class: 'quiet' }, 'Stop', h('kbd', {}, 'Esc'))));
        this.actions.show(turn);
        this.play();
        announce(`${plural(open.length, 'question')} left. ${sentence(this.question.value)} ${choices.map((choice, index) => `${index + 1} ${this.#meaning(choice, index)}`).join(', ')}.`);
    }

    #choice({ label, name }, index) {
        const heard = this.question.value.excerpts.some(excerpt => excerpt.speaker === label);
        return h('li', { dataset: { speaker: this.colours.slot(label) } },
            button('', () => this.answer(index), { class: 'answer' }, h('kbd', {}, String(index + 1)), h('span', { class: 'badge', 'aria-hidden': 'true' }, initials(name)), h('span', { class: 'grow' }, this.#meaning({ name }, index))),
            heard ? button('', () => this.playVoice(index), { class: 'quiet icon', 'aria-label': `Hear ${name}`, title: `Hear ${name} (Shift+${index + 1})` }, icon('play')) : null);
    }

    /** What a choice says: whose the turn is; or, of two speakers, the first that they differ, the second that they are one. */
    #meaning({ name }, index) {
        return !this.question.value.aboutSpeaker ? name : index === 0 ? 'No, different people' : 'Yes, one person';
    }

    #show(ended = false) {
        this.#body.replaceChildren(
            h('p', { class: 'small muted' }, ended
                ? this.#answered > 0 ? `${plural(this.#answered, 'question')} answered. No more questions.` : 'No questions: nothing is uncertain enough to ask.'
                : 'The turns whose answer changes most, one after another. Listen and press 1, 2, 3.'),
            button('', () => this.start(), { id: 'review-start' }, icon('question'), ended ? 'Look again' : 'Start the review', h('kbd', {}, 'V')));
    }
}

/** A question as a sentence. */
function sentence({ start, end, choices, aboutSpeaker }) {
    return aboutSpeaker
        ? `Are ${choices[0].name} and ${choices[1].name} one person?`
        : `Who speaks from ${clock(start, true)} to ${clock(end, true)}?`;
}
