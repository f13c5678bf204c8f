// Turns in order, found by time, speaker or id; where people overlap; the words of each turn.

/** The first index whose value is not below, of an ascending list. */
export function lowerBound(list, value, of = item => item) {
    let low = 0;
    let high = list.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (of(list[middle]) < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }

    return low;
}

export class TurnIndex {
    constructor(session) {
        this.turns = session.turns;
        this.seconds = session.seconds;
        this.byId = new Map(this.turns.map((turn, index) => [turn.id, index]));
        this.bySpeaker = new Map(session.speakers.map(speaker => [speaker.label, []]));
        this.longest = 0;
        for (const turn of this.turns) {
            if (!this.bySpeaker.has(turn.speaker)) {
                this.bySpeaker.set(turn.speaker, []);
            }

            this.bySpeaker.get(turn.speaker).push(turn);
            this.longest = Math.max(this.longest, turn.end - turn.start);
        }

        this.overlaps = overlaps(this.turns);
        this.words = wordsOfTurns(session.words, this);
    }

    /** The indices of the turns at a time. */
    at(time) {
        const found = [];
        for (let index = lowerBound(this.turns, time - this.longest, turn => turn.start); index < this.turns.length && this.turns[index].start <= time; index++) {
            if (this.turns[index].end > time) {
                found.push(index);
            }
        }

        return found;
    }

    /** The index of the turn that begins last at or before a time; the first turn for earlier times; -1 when there are none. */
    before(time) {
        return this.turns.length === 0 ? -1 : Math.max(0, lowerBound(this.turns, time + 1e-6, turn => turn.start) - 1);
    }

    /** A speaker's turn at a time. */
    ofSpeaker(label, time) {
        const own = this.bySpeaker.get(label) ?? [];
        const index = lowerBound(own, time + 1e-9, turn => turn.start) - 1;
        return index >= 0 && own[index].end >= time ? own[index] : undefined;
    }
}

/** The stretches in which two people or more speak: [{start, end}]. */
function overlaps(turns) {
    const found = [];
    let reach = -Infinity;
    for (const turn of turns) {
        const end = Math.min(reach, turn.end);
        if (turn.start < end) {
            const last = found.at(-1);
            if (last && turn.start <= last.end) {
                last.end = Math.max(last.end, end);
            } else {
                found.push({ start: turn.start, end });
            }
        }

        reach = Math.max(reach, turn.end);
    }

    return found;
}

/** For each turn its words: those of its speaker whose middle lies in it, or that lie nearest to it. Words of nobody go to the turn before them. */
function wordsOfTurns(words, index) {
    const lists = index.turns.map(() => []);
    for (const word of words) {
        const middle = (word.start + word.end) / 2;
        const own = index.bySpeaker.get(word.speaker) ?? [];
        const turn = own.length > 0 ? nearest(own, middle) : index.turns[index.before(middle)];
        if (turn) {
            lists[index.byId.get(turn.id)].push(word);
        }
    }

    return lists;
}

function nearest(turns, time) {
    const next = lowerBound(turns, time, turn => turn.start);
    const before = turns[next - 1];
    const after = turns[next];
    return !before || (after && after.start - time < time - before.end) ? after : before;
}
