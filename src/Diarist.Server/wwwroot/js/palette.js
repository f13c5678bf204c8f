// Which speaker has which colour, and the colours as the canvas needs them.
import { onThemeChange } from './theme.js';

/** How many speakers have a colour of their own; the next ones begin again, and differ by their letters. */
export const colours = 8;

const resolved = new Map();
onThemeChange(() => resolved.clear());

/** The colour of a variable such as --s0 in the theme that is shown. */
export function colour(name) {
    if (!resolved.has(name)) {
        const probe = document.createElement('span');
        probe.hidden = true;
        probe.style.color = `var(${name})`;
        document.body.append(probe);
        resolved.set(name, getComputedStyle(probe).color);
        probe.remove();
    }

    return resolved.get(name);
}

/** Keeps a colour for each label for as long as a session is open: the number that a label ends in, or the first one that is free. */
export class SpeakerColours {
    #slots = new Map();

    /** The index of a speaker's colour; 'none' for nobody. */
    slot(label) {
        if (!label) {
            return 'none';
        }

        if (!this.#slots.has(label)) {
            const number = /(\d{1,3})$/.exec(label);
            const taken = new Set(this.#slots.values());
            let slot = number ? Number(number[1]) : 0;
            while (taken.has(slot)) {
                slot++;
            }

            this.#slots.set(label, slot);
        }

        return this.#slots.get(label) % colours;
    }
}

/** The letters on a speaker's badge: initials of a name, the number of a label. */
export function initials(name) {
    const number = /^SPEAKER_?0*(\d+)$/i.exec(name);
    if (number) {
        return number[1];
    }

    const parts = name.trim().split(/\s+/);
    const first = [...(parts[0] ?? '')][0] ?? '?';
    const last = parts.length > 1 ? [...parts.at(-1)][0] : '';
    return (first + last).toUpperCase();
}
