// One recording in the list: its name, how far it is, what can be done with it.
import { button, h, setText } from './dom.js';
import { bytes, clock, percent, plural, speed, timeLeft } from './format.js';
import { icon } from './icons.js';

const stages = { listening: 'listening', clustering: 'grouping voices', recognizing: 'writing the words' };

/** The line under the name. */
export function facts(recording, upload) {
    if (upload && (recording === null || recording.state === 'uploading')) {
        const amount = `${bytes(upload.sent)} of ${bytes(upload.file.size)}`;
        switch (upload.state) {
            case 'waiting': return `Waits to be sent · ${bytes(upload.file.size)}`;
            case 'paused': return `Pauses until the server takes it · ${amount}`;
            case 'failed': return `Was not sent · ${bytes(upload.file.size)}`;
            default: return `Being sent · ${amount}${upload.rate > 0 ? ` · ${bytes(upload.rate)}/s · ${timeLeft((upload.file.size - upload.sent) / upload.rate)}` : ''}`;
        }
    }

    const length = recording.seconds ? `${clock(recording.seconds)} · ` : '';
    switch (recording.state) {
        case 'uploading': return `Its upload was interrupted at ${percent(recording.offset / recording.size)} · ${bytes(recording.size)}`;
        case 'queued': return `${length}Waits for its turn`;
        case 'running': return [
            recording.seconds ? clock(recording.seconds) : null,
            stages[recording.stage] ?? recording.stage ?? 'begins',
            recording.progress ? percent(recording.progress) : null,
            recording.speed ? speed(recording.speed) : null,
            Number.isFinite(recording.secondsLeft) ? timeLeft(recording.secondsLeft) : null,
        ].filter(Boolean).join(' · ');
        case 'done': return `${length}${plural(recording.speakers ?? 0, 'speaker')}${recording.hasWords ? ' · with words' : ''}`;
        case 'cancelled': return `${length}Cancelled`;
        default: return `${length}Failed`;
    }
}

/** The share that is done, null where it is not known, undefined where there is nothing to show. */
export function progress(recording, upload) {
    if (upload && (recording === null || recording.state === 'uploading')) {
        return upload.state === 'failed' ? undefined : upload.file.size > 0 ? upload.sent / upload.file.size : null;
    }

    return recording.state === 'running' ? recording.progress || null : undefined;
}

/** A row that can be given newer values without being made again. */
export class RecordingRow {
    #name = h('span', { class: 'name' });
    #facts = h('p', { class: 'facts numbers' });
    #actions = h('div', { class: 'actions' });
    #bar = null;
    #note = null;
    #kind = '';

    constructor(actions) {
        this.actions = actions;
        this.element = h('li', { class: 'recording' }, this.#name, this.#facts, this.#actions);
    }

    /** Shows a recording (null before the server knows it) and its upload (if it has one here). */
    update(recording, upload) {
        const name = recording?.name ?? upload.file.name;
        const kind = [recording?.state, upload?.state, recording?.id, recording?.error?.message, upload?.error].join('|');
        if (kind !== this.#kind) {
            this.#kind = kind;
            this.#build(name, recording, upload);
        }

        setText(this.#facts, facts(recording, upload));
        const share = progress(recording, upload);
        if (share === undefined) {
            return;
        }

        this.#bar.classList.toggle('waiting', share === null);
        this.#bar.firstChild.style.transform = share === null ? '' : `scaleX(${share})`;
        if (share === null) {
            this.#bar.removeAttribute('aria-valuenow');
        } else {
            this.#bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
        }
    }

    #build(name, recording, upload) {
        const done = recording?.state === 'done';
        const title = done ? h('a', { class: 'name', href: `#/recording/${recording.id}` }, name) : h('span', { class: 'name' }, name);
        title.title = name;
        this.#name.replaceWith(title);
        this.#name = title;
        this.element.classList.toggle('failed', recording?.state === 'failed' || upload?.state === 'failed');
        // The focus stays on the row's buttons while the row changes under it.
        const focused = this.#actions.contains(document.activeElement);
        this.#actions.replaceChildren(...this.#buttons(name, recording, upload));
        if (focused) {
            this.#actions.firstChild?.focus();
        }

        this.#bar?.remove();
        this.#bar = null;
        if (progress(recording, upload) !== undefined) {
            this.#bar = h('div', { class: 'bar', role: 'progressbar', 'aria-label': `Progress of ${name}`, 'aria-valuemin': '0', 'aria-valuemax': '100' }, h('span'));
            this.element.append(this.#bar);
        }

        this.#note?.remove();
        const problem = upload?.error ?? (recording?.state === 'failed' ? recording.error?.message ?? 'The reason is not known.' : null);
        const warnings = done ? recording.warnings ?? [] : [];
        this.#note = problem || warnings.length > 0 ? h('p', { class: problem ? 'note bad' : 'note' }, problem ?? warnings.join(' ')) : null;
        if (this.#note) {
            this.element.append(this.#note);
        }
    }

    #buttons(name, recording, upload) {
        const named = (label, run, properties = {}) => button(label, run, { 'aria-label': `${label} ${name}`, ...properties });
        const remove = () => button('', () => this.actions.remove(recording), { class: 'quiet icon', 'aria-label': `Delete ${name}`, title: 'Delete' }, icon('trash'));
        if (upload && recording?.state !== 'done') {
            return [
                upload.state === 'failed' ? named('Try again', () => this.actions.retry(upload)) : null,
                named(upload.state === 'failed' ? 'Remove' : 'Cancel', () => this.actions.cancelUpload(upload)),
            ].filter(Boolean);
        }

        switch (recording.state) {
            case 'uploading': return [named('Choose the file again', () => this.actions.resume(recording)), remove()];
            case 'queued':
            case 'running': return [named('Cancel', () => this.actions.cancel(recording))];
            default: return [remove()];
        }
    }
}
