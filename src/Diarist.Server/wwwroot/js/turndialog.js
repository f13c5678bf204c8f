// "Whose turn is this?": a speaker, somebody new or nobody; all turns that sound alike or only this one; where the turn begins and ends.
import { showDialog } from './dialogs.js';
import { button, h } from './dom.js';
import { clock, parseClock } from './format.js';
import { initials } from './palette.js';

/** Asks, and resolves with a correction without its revision, or null. turns has one turn or more. */
export function askWhose(turns, model, colours, play) {
    const { speakers } = model.session.value;
    const one = turns.length === 1 ? turns[0] : null;
    const title = one ? 'Whose turn is this?' : `Whose turns are these ${turns.length}?`;
    return showDialog(title, close => {
        const name = h('input', { type: 'text', maxLength: 200, placeholder: 'Name', 'aria-label': 'Name of the new speaker', autocomplete: 'off', spellcheck: false, oninput: () => { fresh.checked = true; } });
        const fresh = h('input', { type: 'radio', name: 'who', value: 'new' });
        const problem = h('p', { class: 'note bad', role: 'alert', hidden: true });
        const begin = h('input', { type: 'text', value: one ? clock(one.start, true) : '', 'aria-label': 'Begins at' });
        const end = h('input', { type: 'text', value: one ? clock(one.end, true) : '', 'aria-label': 'Ends at' });
        const form = h('form', { method: 'dialog', onsubmit: submit, onkeydown: press },
            one ? h('p', { class: 'muted numbers' }, `${model.nameOf(one.speaker)}, ${clock(one.start, true)} to ${clock(one.end, true)} `, button('Play', () => play(one), { class: 'quiet' })) : null,
            h('fieldset', { class: 'choices' }, h('legend', { class: 'visually-hidden' }, 'Speaker'),
                ...speakers.map((speaker, index) => h('label', { dataset: { speaker: colours.slot(speaker.label) } },
                    h('input', { type: 'radio', name: 'who', value: `=${speaker.label}`, checked: one ? one.speaker === speaker.label : index === 0, autofocus: one ? one.speaker === speaker.label : index === 0 }),
                    h('span', { class: 'badge', 'aria-hidden': 'true' }, initials(speaker.name)), h('span', { class: 'grow' }, speaker.name), index < 9 ? h('kbd', {}, String(index + 1)) : null)),
                h('label', {}, fresh, h('span', {}, 'somebody new'), name),
                h('label', {}, h('input', { type: 'radio', name: 'who', value: 'nobody' }), 'nobody: noise, or a voice that does not belong here')),
            h('fieldset', { class: 'choices' }, h('legend', {}, 'Change'),
                h('label', {}, h('input', { type: 'radio', name: 'reach', value: 'all', checked: true }), one ? 'this turn and all that sound alike' : 'these turns and all that sound alike'),
                h('label', {}, h('input', { type: 'radio', name: 'reach', value: 'only' }), one ? 'only this turn' : 'only these turns')),
            one ? h('details', {}, h('summary', {}, 'Move its beginning or end'),
                h('div', { class: 'pair' }, h('label', { class: 'field' }, h('span', {}, 'Begins at'), begin), h('label', { class: 'field' }, h('span', {}, 'Ends at'), end)),
                h('div', { class: 'actions' }, button('Move', move))) : null,
            problem,
            h('div', { class: 'actions' }, button('Cancel', () => close(null)), h('button', { type: 'submit', class: 'primary' }, 'Change')));
        return form;

        function submit(event) {
            event.preventDefault();
            const who = form.elements.who.value;
            const ids = turns.map(turn => turn.id);
            const onlyThese = form.elements.reach.value === 'only';
            if (who === 'new' && !name.value.trim()) {
                refuse('Give the new speaker a name.');
                name.focus();
            } else if (who === 'nobody') {
                close({ kind: 'nobody', turns: ids });
            } else if (who === 'new') {
                close({ kind: 'assign', turns: ids, name: name.value.trim(), onlyThese });
            } else if (who) {
                close({ kind: 'assign', turns: ids, label: who.slice(1), onlyThese });
            }
        }

        function move() {
            const [start, stop] = [parseClock(begin.value), parseClock(end.value)];
            if (!(start < stop) || stop > model.session.value.seconds) {
                refuse(`Give times such as 1:02.5, the beginning before the end, within 0:00 and ${clock(model.session.value.seconds, true)}.`);
            } else {
                close({ kind: 'boundary', turns: [one.id], start, end: stop });
            }
        }

        function refuse(text) {
            problem.textContent = text;
            problem.hidden = false;
        }

        function press(event) {
            const radio = /^[1-9]$/.test(event.key) && !event.target.matches('input[type=text]') ? form.elements.who[Number(event.key) - 1] : undefined;
            if (radio && radio.value.startsWith('=')) {
                radio.checked = true;
                radio.focus();
                event.preventDefault();
            }
        }
    });
}
