// Draws the times above the lanes.
import { clock } from './format.js';
import { colour } from './palette.js';

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

export function drawRuler(context, viewport, height) {
    const step = steps.find(step => step / viewport.scale >= 84) ?? steps.at(-1);
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (let tick = Math.floor(viewport.from / step); tick * step <= viewport.to; tick++) {
        const x = viewport.x(tick * step);
        context.fillStyle = colour('--control-line');
        context.fillRect(x, height - 6, 1, 6);
        context.fillRect(viewport.x((tick + 0.5) * step), height - 3, 1, 3);
        context.fillStyle = colour('--muted');
        context.fillText(clock(tick * step, step < 1), x + 4, height / 2 - 1);
    }
}
