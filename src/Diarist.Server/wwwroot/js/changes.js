// What a correction changed.
import { duration, plural } from './format.js';

/** The turns of a later state whose middle was another speaker's, or nobody's, before: {turns, seconds}. */
export function changed(before, after) {
    let turns = 0;
    let seconds = 0;
    for (const turn of after.turns) {
        if (!before.ofSpeaker(turn.speaker, (turn.start + turn.end) / 2)) {
            turns++;
            seconds += turn.end - turn.start;
        }
    }

    return { turns, seconds };
}

/** The same in words. */
export function changedText({ turns, seconds }) {
    return turns === 0 ? 'Changed.' : `Changed: ${plural(turns, 'turn')}, ${duration(seconds)}.`;
}
