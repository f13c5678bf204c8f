// Draws one lane for each speaker: turns as boxes, in them the sound as bars; where two speak at once, hatching behind all lanes.
import { colour } from './palette.js';
import { lowerBound } from './turnindex.js';

/** Pixels from one bar to the next. */
const step = 3;
const bar = 2;

/**
 * @param view {viewport, index (TurnIndex), labels, laneHeight, slot(label), peaks (PeakTiles), selected: Set of turn ids}
 */
export function drawLanes(context, view) {
    const { viewport, index, labels, laneHeight, peaks } = view;
    const barSeconds = step * viewport.scale;
    const first = Math.floor(viewport.from / barSeconds);
    const bars = Math.ceil(viewport.to / barSeconds) - first + 1;
    const level = peaks.level(barSeconds);
    peaks.want(viewport.from, viewport.to, level);
    drawOverlaps(context, view);
    for (const [lane, label] of labels.entries()) {
        const turns = visible(index.bySpeaker.get(label) ?? [], viewport, index.longest);
        const top = lane * laneHeight;
        context.fillStyle = colour('--line');
        context.fillRect(0, top + laneHeight - 1, viewport.width, 1);
        context.fillStyle = colour(`--s${view.slot(label)}`);
        drawBoxes(context, view, turns, top);
        drawBars(context, view, turns, { top, first, bars, barSeconds, level });
        drawMarks(context, view, turns, top);
    }
}

/** The turns of an ascending list that a stretch shows. */
function visible(turns, viewport, longest) {
    const begin = lowerBound(turns, viewport.from - longest, turn => turn.start);
    const end = lowerBound(turns, viewport.to, turn => turn.start);
    return turns.slice(begin, end).filter(turn => turn.end > viewport.from);
}

function drawBoxes(context, { viewport, laneHeight }, turns, top) {
    context.globalAlpha = 0.16;
    context.beginPath();
    for (const turn of turns) {
        const width = (turn.end - turn.start) / viewport.scale;
        if (width >= step) {
            context.roundRect(viewport.x(turn.start), top + 3, width, laneHeight - 7, Math.min(4, width / 2));
        }
    }

    context.fill();
    context.globalAlpha = 1;
}

/** A bar's height is how loud it is there, less where the speaker has only a part of the bar's time. Bars stand at fixed times, so they do not flicker. */
function drawBars(context, { viewport, peaks, laneHeight }, turns, { top, first, bars, barSeconds, level }) {
    const share = new Float32Array(bars);
    for (const turn of turns) {
        const begin = Math.max(0, Math.floor(turn.start / barSeconds) - first);
        const end = Math.min(bars - 1, Math.floor(turn.end / barSeconds) - first);
        for (let index = begin; index <= end; index++) {
            const from = (index + first) * barSeconds;
            share[index] += Math.min(turn.end, from + barSeconds) - Math.max(turn.start, from);
        }
    }

    const middle = top + (laneHeight - 1) / 2;
    const most = laneHeight - 11;
    context.beginPath();
    for (let index = 0; index < bars; index++) {
        if (share[index] > 0) {
            const from = (index + first) * barSeconds;
            const loud = 0.12 + 0.88 * peaks.loudness(from, from + barSeconds, level) ** 0.8;
            const height = Math.max(2, most * loud * Math.sqrt(Math.min(1, share[index] / barSeconds)));
            context.rect(viewport.x(from), middle - height / 2, bar, height);
        }
    }

    context.fill();
}

/** What is selected has a frame, what is uncertain a dotted line below. */
function drawMarks(context, { viewport, laneHeight, selected }, turns, top) {
    for (const turn of turns) {
        const x = viewport.x(turn.start);
        const width = (turn.end - turn.start) / viewport.scale;
        if (turn.uncertain && width >= 6) {
            context.strokeStyle = colour('--warn');
            context.lineWidth = 2;
            context.setLineDash([3, 3]);
            context.beginPath();
            context.moveTo(x + 2, top + laneHeight - 4);
            context.lineTo(x + width - 2, top + laneHeight - 4);
            context.stroke();
            context.setLineDash([]);
        }

        if (selected.has(turn.id)) {
            context.strokeStyle = colour('--text');
            context.lineWidth = 1.5;
            context.beginPath();
            context.roundRect(x - 1, top + 2, Math.max(4, width + 2), laneHeight - 5, 4);
            context.stroke();
        }
    }
}

function drawOverlaps(context, { viewport, index, labels, laneHeight }) {
    const height = labels.length * laneHeight;
    const hatch = pattern(context);
    context.fillStyle = hatch;
    context.beginPath();
    for (let at = lowerBound(index.overlaps, viewport.from, stretch => stretch.end); at < index.overlaps.length && index.overlaps[at].start < viewport.to; at++) {
        const { start, end } = index.overlaps[at];
        const x = viewport.x(start);
        const width = (end - start) / viewport.scale;
        // Far away, hatching would be noise.
        if (width >= 1.5) {
            context.rect(x, 0, width, height);
        }
    }

    context.fill();
}

const hatches = new Map();

function pattern(context) {
    const ink = colour('--overlap');
    if (!hatches.has(ink)) {
        const tile = document.createElement('canvas');
        tile.width = tile.height = 8;
        const pen = tile.getContext('2d');
        pen.strokeStyle = ink;
        pen.lineWidth = 1.5;
        for (const shift of [-8, 0, 8]) {
            pen.moveTo(shift, 8);
            pen.lineTo(shift + 8, 0);
        }

        pen.stroke();
        hatches.set(ink, tile);
    }

    return context.createPattern(hatches.get(ink), 'repeat');
}
