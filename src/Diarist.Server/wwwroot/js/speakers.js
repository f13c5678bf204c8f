// The panel of speakers: names, shares, renaming, merging, how many there are.
import { confirmDialog, showDialog } from './dialogs.js';
import { button, h } from './dom.js';
import { duration, percent, plural } from './format.js';
import { icon } from './icons.js';
import { initials } from './palette.js';

export class SpeakersPanel {
    #list = h('ul', { class: 'speakers', 'aria-label': 'Speakers' });
    #count = h('select', { id: 'count', onchange: () => this.#setCount() });
    #sure = h('p', { class: 'small muted' });
    #editing = null;
    #field = null;
    #drawing = false;

    /** actions: edit(change) resolves with whether it was made; sample(label) plays the speaker's voice. */
    constructor(model, colours, actions) {
        Object.assign(this, { model, colours, actions });
        this.element = h('section', { class: 'panel', 'aria-labelledby': 'speakers-title' },
            h('h2', { id: 'speakers-title' }, 'Speakers'),
            this.#list,
            h('label', { class: 'count', for: 'count' }, h('span', {}, 'Number of people'), this.#count),
            this.#sure);
    }

    update(session) {
        const total = session.speakers.reduce((sum, speaker) => sum + speaker.seconds, 0) || 1;
        this.#draw(() => session.speakers.map(speaker => this.#row(speaker, speaker.seconds / total)));

        const most = Math.max(20, session.speakers.length);
        const requested = session.count?.requested ?? null;
        this.#count.replaceChildren(h('option', { value: '' }, `not known (${session.speakers.length} found)`), ...Array.from({ length: most }, (_, index) => h('option', { value: String(index + 1) }, String(index + 1))));
        this.#count.value = requested === null ? '' : String(requested);
        this.#sure.textContent = certainty(session);
    }

    /** Opens the field for a speaker's name. */
    async rename(label) {
        this.#editing = label;
        this.#field = null;
        this.update(this.model.session.value);
        this.#field?.focus();
        this.#field?.select();
    }

    /** Asks whom a speaker is one person with. */
    async merge(label) {
        const others = this.model.session.value.speakers.filter(speaker => speaker.label !== label);
        const name = this.model.nameOf(label);
        const into = await showDialog(`Who is the same person as ${name}?`, close => h('form', { method: 'dialog', onsubmit: event => { event.preventDefault(); close(new FormData(event.target).get('into')); } },
            h('p', { class: 'muted' }, 'The turns of both become one speaker’s. This can be undone.'),
            h('fieldset', { class: 'choices' }, h('legend', { class: 'visually-hidden' }, 'Speaker'), ...others.map((speaker, index) => this.#choice(speaker, index))),
            h('div', { class: 'actions' }, button('Cancel', () => close(null)), h('button', { type: 'submit', class: 'primary' }, 'They are the same person'))));
        return into ? this.actions.edit({ kind: 'merge', label, into }) : false;
    }

    /** Makes the list anew. The focus stays where it is, also in a name that is being typed. */
    #draw(rows) {
        const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
        const selection = focused && focused === this.#field ? [focused.selectionStart, focused.selectionEnd] : null;
        this.#drawing = true;
        this.#list.replaceChildren(...rows());
        this.#drawing = false;
        if (selection && focused.isConnected) {
            focused.focus();
            focused.setSelectionRange(...selection);
        } else if (focused?.dataset.label) {
            this.#list.querySelector(`[data-label="${CSS.escape(focused.dataset.label)}"]`)?.focus();
        }
    }

    #choice(speaker, index) {
        return h('label', { dataset: { speaker: this.colours.slot(speaker.label) } }, h('input', { type: 'radio', name: 'into', value: speaker.label, required: true, checked: index === 0, autofocus: index === 0 }), h('span', { class: 'badge', 'aria-hidden': 'true' }, initials(speaker.name)), speaker.name);
    }

    #row(speaker, share) {
        const { label, name, seconds, flagged } = speaker;
        const glyph = (text, mark, run) => button('', run, { class: 'quiet icon', 'aria-label': `${text}: ${name}`, title: text, dataset: { label: `${mark}/${label}` } }, icon(mark));
        const bar = h('span', { class: 'share', 'aria-hidden': 'true' }, h('span'));
        bar.firstChild.style.width = percent(share).replace(' ', '');
        return h('li', { dataset: { speaker: this.colours.slot(label) } },
            h('span', { class: 'badge', 'aria-hidden': 'true' }, initials(name)),
            this.#editing === label ? this.#field ??= this.#nameField(label, name) : button(name, () => this.rename(label), { class: 'quiet name', title: 'Rename (R)', 'aria-label': `Rename ${name}`, dataset: { label: `name/${label}` } }),
            glyph('Hear a sample', 'play', () => this.actions.sample(label)),
            this.model.session.value.speakers.length > 1 ? glyph('Is the same person as …', 'merge', () => this.merge(label)) : null,
            h('div', { class: 'amount' }, bar, h('span', { class: 'small muted numbers' }, `${duration(seconds)}, ${percent(share)}`)),
            flagged ? h('span', { class: 'tag', title: 'So little evidence that this may not be a person of its own' }, 'perhaps nobody') : null);
    }

    #nameField(label, name) {
        let done = false;
        const finish = async keep => {
            if (done) {
                return;
            }

            done = true;
            this.#editing = null;
            this.#field = null;
            const text = field.value.trim();
            this.update(this.model.session.value);
            this.#list.querySelector(`[data-label="${CSS.escape(`name/${label}`)}"]`)?.focus();
            if (keep && text && text !== name) {
                await this.#named(label, text);
            }
        };
        const field = h('input', {
            type: 'text', value: name, maxLength: 200, 'aria-label': `New name of ${name}`, spellcheck: false, autocomplete: 'off',
            onkeydown: event => {
                if (event.key === 'Enter' || event.key === 'Escape') {
                    event.preventDefault();
                    finish(event.key === 'Enter');
                }
            },
            onblur: () => this.#drawing || finish(true),
        });
        return field;
    }

    async #named(label, name) {
        const same = this.model.session.value.speakers.find(speaker => speaker.label !== label && speaker.name === name);
        if (!same) {
            return this.actions.edit({ kind: 'rename', label, name });
        }

        const yes = await confirmDialog(`Are both ${name}?`, `Another speaker is called ${name} already. If they are the same person, the turns of both become one speaker’s. This can be undone.`, 'They are the same person', { no: 'Keep them apart' });
        return yes && this.actions.edit({ kind: 'merge', label, into: same.label });
    }

    async #setCount() {
        const count = this.#count.value === '' ? null : Number(this.#count.value);
        if (!await this.actions.edit({ kind: 'speakers', count })) {
            this.update(this.model.session.value);
        }
    }
}

/** What is known of the number of speakers, in a sentence. */
function certainty({ speakers, count }) {
    if (!count || count.requested !== null && count.requested !== undefined) {
        return count ? `You said ${plural(count.requested, 'person', 'people')}.` : '';
    }

    const rival = count.runnerUp ? `; the next most likely number is ${count.runnerUp}` : '';
    return count.uncertain
        ? `The number is uncertain${rival}. If you know it, choose it.`
        : `${plural(speakers.length, 'person', 'people')} found, with a certainty of ${percent(count.certainty ?? 0)}${rival}.`;
}
