// What can be done with marked turns.
import { button, h, setText } from './dom.js';

/** A bar that is there while turns are marked. */
export function markBar(view, ends) {
    const { transcript, timeline } = view;
    const text = h('span', { class: 'grow' });
    const split = button('', () => view.split(), { id: 'split' }, 'They are different people', h('kbd', {}, 'D'));
    const bar = h('div', { class: 'marks', role: 'group', 'aria-label': 'Marked turns', hidden: true }, text, split,
        button('They are all …', () => view.whose([...transcript.marked.value][0])),
        button('Clear', () => transcript.setMarks(new Set()), { class: 'quiet' }));
    ends.add(transcript.marked.subscribe(marked => {
        bar.hidden = marked.size === 0;
        setText(text, marked.size === 1 ? '1 turn is marked; mark another one' : `${marked.size} turns are marked`);
        split.disabled = marked.size < 2;
        timeline.select([...marked, transcript.current.value]);
    }));
    return bar;
}
