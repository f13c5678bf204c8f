// The shortcuts of a recording, as tables for the keyboard and the sheet.

export function sessionShortcuts(view) {
    const { player, timeline, transcript } = view;
    const arrows = step => event => event.target.closest?.('[role=menu]') ? false : player.step(step);
    return [
        {
            group: 'Playing',
            entries: [
                { keys: [' '], show: ['Space'], text: 'Play, pause', run: () => player.toggle() },
                { keys: ['ArrowLeft'], show: ['←', '→'], text: '5 seconds back, on', run: arrows(-5) },
                { keys: ['ArrowRight'], run: arrows(5) },
                { keys: ['Shift+ArrowLeft'], show: ['Shift ←', 'Shift →'], text: '1 second back, on', run: arrows(-1) },
                { keys: ['Shift+ArrowRight'], run: arrows(1) },
                { keys: ['p'], show: ['P'], text: 'Play this turn', run: () => view.playTurn() },
                { keys: [','], show: [',', '.'], text: 'Slower, faster', run: () => player.changeSpeed(-1) },
                { keys: ['.'], run: () => player.changeSpeed(1) },
                { keys: ['f'], show: ['F'], text: 'Follow what is heard', run: () => view.follow() },
            ],
        },
        {
            group: 'Timeline',
            entries: [
                { keys: ['+', '='], show: ['+', '−'], text: 'Zoom in, out', run: () => view.zoom(1.6) },
                { keys: ['-'], run: () => view.zoom(1 / 1.6) },
                { keys: ['w'], show: ['W'], text: 'The whole recording', run: () => view.whole() },
                { keys: ['PageUp'], show: ['Page ↑', 'Page ↓'], text: 'Move (in the timeline)', run: event => timeline.element.contains(event.target) ? timeline.viewport.pan(-timeline.viewport.width * 0.8) : false },
                { keys: ['PageDown'], run: event => timeline.element.contains(event.target) ? timeline.viewport.pan(timeline.viewport.width * 0.8) : false },
                { keys: ['Home'], show: ['Home', 'End'], text: 'To the beginning, the end', run: () => view.jump(0) },
                { keys: ['End'], run: () => view.jump(timeline.viewport.seconds) },
            ],
        },
        {
            group: 'Turns',
            entries: [
                { keys: ['ArrowDown', 'j'], show: ['↓', '↑'], text: 'Next turn, turn before', run: () => view.move(1) },
                { keys: ['ArrowUp', 'k'], run: () => view.move(-1) },
                { keys: ['t', 'Enter'], show: ['T', 'Enter'], text: 'Whose turn is this?', run: () => view.whose() },
                { keys: ['r'], show: ['R'], text: 'Rename the speaker', run: () => view.rename() },
                { keys: ['m'], show: ['M'], text: 'The speaker is the same person as …', run: () => view.merge() },
                { keys: ['x'], show: ['X'], text: 'Mark this turn', run: () => view.mark() },
                { keys: ['d'], show: ['D'], text: 'The marked turns are of different people', run: () => view.split() },
                { keys: ['Escape'], show: ['Esc'], text: 'Take all marks away; end the review', run: () => view.escape() },
            ],
        },
        {
            group: 'Corrections',
            entries: [
                { keys: ['Ctrl+z', 'z'], show: ['Ctrl Z', 'Z'], text: 'Undo', run: () => view.undo() },
                { keys: ['Ctrl+Shift+z', 'Ctrl+y', 'y'], show: ['Ctrl Shift Z', 'Y'], text: 'Redo', run: () => view.redo() },
                { keys: ['v'], show: ['V'], text: 'Start the review', run: () => view.startReview() },
                { keys: ['e'], show: ['E'], text: 'Export', run: () => document.getElementById('export').click() },
            ],
        },
        reviewShortcuts(view),
    ];
}

/** Keys that count while a question is asked. */
function reviewShortcuts({ review, whoseOf }) {
    const asked = run => (...values) => review.active ? run(...values) : false;
    const digits = Array.from({ length: 9 }, (_, index) => index);
    return {
        group: 'In the review',
        entries: [
            { keys: digits.map(index => String(index + 1)), show: ['1', '2', '3 …'], text: 'Answer', run: asked(event => review.answer(Number(event.key) - 1)) },
            { keys: digits.map(index => '!@#$%^&*('[index]), show: ['Shift 1', '2 …'], text: 'Hear the voice of an answer', run: asked(event => review.playVoice('!@#$%^&*('.indexOf(event.key))) },
            { keys: ['p'], show: ['P'], text: 'Hear the turn again', run: asked(() => review.play()) },
            { keys: ['0'], text: 'Nobody', run: asked(() => review.answerNobody()) },
            { keys: ['t'], show: ['T'], text: 'Somebody else', run: asked(() => whoseOf(review.question.value.turn)) },
            { keys: ['s'], show: ['S'], text: 'Skip', run: asked(() => review.skip()) },
            { keys: ['Escape'], show: ['Esc'], text: 'Stop', run: asked(() => review.stop()) },
        ],
    };
}
