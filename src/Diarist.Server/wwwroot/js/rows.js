// The transcript as rows: a turn is one row, a very long one several.

const wordsOfRow = 120;
const cjk = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]$/;
const cjkFirst = /^[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;

/**
 * Rows of a session: {turn, at (index of the turn), words, first (whether the row begins the turn), follows (whether the row before is the same speaker's)}.
 */
export function makeRows(index) {
    const rows = [];
    let before = null;
    index.turns.forEach((turn, at) => {
        const words = index.words[at];
        for (let begin = 0; begin === 0 || begin < words.length; begin += wordsOfRow) {
            rows.push({ turn, at, words: words.slice(begin, begin + wordsOfRow), first: begin === 0, follows: begin > 0 || before === turn.speaker });
        }

        before = turn.speaker;
    });
    return rows;
}

/** For each turn the index of its first row. */
export function firstRows(rows) {
    const first = [];
    rows.forEach((row, index) => { first[row.at] ??= index; });
    return first;
}

/** Text before a word: a space, or nothing between characters of scripts that are written without. */
export function gap(before, word) {
    return before === undefined || word.joinsPrevious || (cjk.test(before.text) && cjkFirst.test(word.text)) ? '' : ' ';
}

/** 0 (not sure at all) to 4 (sure). */
export function confidenceStep(confidence) {
    return confidence === undefined || confidence === null ? 4 : Math.max(0, Math.min(4, Math.floor((confidence - 0.3) / 0.7 * 5)));
}

/** The height of a row before it is measured. */
export function estimateHeight(row, hasWords, width) {
    if (!hasWords) {
        return 40;
    }

    const characters = row.words.reduce((sum, word) => sum + word.text.length + 1, 0);
    const lines = Math.max(1, Math.ceil(characters * 7.6 / Math.max(200, width - 90)));
    return lines * 26 + (row.first ? 38 : 6);
}
