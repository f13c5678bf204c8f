// One row of the transcript.
import { h } from './dom.js';
import { clock, duration, percent } from './format.js';
import { icon } from './icons.js';
import { initials } from './palette.js';
import { confidenceStep, gap } from './rows.js';

/** Makes a row. view: {nameOf(label), slot(label), hasWords, marked: Set of turn ids}. */
export function turnRow(row, index, view) {
    const { turn } = row;
    const name = view.nameOf(turn.speaker);
    const element = h('li', {
        class: `turn${row.first ? '' : ' more'}${row.follows ? ' follows' : ''}${view.hasWords ? '' : ' bare'}`,
        tabIndex: -1,
        'aria-label': `${name}, ${clock(turn.start, true)}, ${duration(turn.end - turn.start)}${turn.uncertain ? ', uncertain' : ''}. ${row.words.map(word => word.text).join(' ')}`,
    });
    element.dataset.speaker = view.slot(turn.speaker);
    element.dataset.row = index;
    if (row.first) {
        element.append(head(row, name, view));
    }

    if (view.hasWords) {
        element.append(words(row));
    }

    return element;
}

function head({ turn, follows }, name, view) {
    const act = (action, label, glyph, pressed) => h('button', { type: 'button', class: 'quiet icon act', tabIndex: -1, dataset: { act: action }, 'aria-label': `${label}: ${name}, ${clock(turn.start, true)}`, 'aria-pressed': pressed, title: label }, icon(glyph));
    return h('div', { class: 'turn-head' },
        h('span', { class: 'badge', 'aria-hidden': 'true' }, initials(name)),
        h('button', { type: 'button', class: 'quiet who', tabIndex: -1, dataset: { act: 'who' }, title: 'Whose turn is this? (T)', 'aria-label': `${name}: whose turn is this?` }, name),
        h('span', { class: 'numbers muted small when' }, clock(turn.start, true), view.hasWords ? null : h('span', { class: 'till' }, `–${clock(turn.end, true)}`)),
        view.hasWords ? null : h('span', { class: 'numbers muted small length' }, duration(turn.end - turn.start)),
        turn.uncertain ? h('span', { class: 'tag', title: 'Confidence' }, h('span', { class: 'till' }, 'uncertain, '), percent(turn.confidence ?? 0)) : null,
        h('span', { class: 'grow' }),
        act('play', 'Play this turn', 'turn'),
        act('mark', 'Mark this turn', 'mark', String(view.marked.has(turn.id))));
}

function words(row) {
    const text = h('p', { class: 'words' });
    if (row.words.length === 0) {
        text.append(h('span', { class: 'muted small' }, 'no words'));
    }

    row.words.forEach((word, at) => {
        const span = document.createElement('span');
        span.className = `w c${confidenceStep(word.confidence)}${word.uncertain ? ' u' : ''}`;
        span.textContent = word.text;
        text.append(gap(row.words[at - 1], word), span);
    });
    return text;
}
