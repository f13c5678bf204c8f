// One recording: while it is being worked on its progress, after that its session; or why there is none.
import { api, ApiError } from './api.js';
import { button, h, setText } from './dom.js';
import { onEvent } from './events.js';
import { icon } from './icons.js';
import { progress, facts } from './recordingrow.js';
import { SessionModel } from './sessionmodel.js';
import { SessionView } from './sessionview.js';
import { Disposer } from './store.js';
import { uploadOf } from './uploads.js';

/** Shows a recording; returns what ends it. */
export function showRecording(id, { main, title, actions }) {
    const ends = new Disposer();
    let ended = false;
    let session = null;
    let waiting = null;
    const name = h('h1', {});
    title.replaceChildren(h('div', { class: 'crumb' }, h('a', { class: 'button quiet-link', href: '#/', 'aria-label': 'All recordings', title: 'All recordings' }, icon('back')), name));
    ends.add(onEvent(event => {
        if (event.type === 'deleted' && event.id === id) {
            message('This recording was deleted.');
        } else if (event.type === 'recording' && event.recording.id === id) {
            show(event.recording);
        } else if (event.type === 'connected') {
            if (session === null) {
                load();
            } else {
                // Another window may have made corrections while the server could not tell.
                session.model?.refresh().catch(() => { });
            }
        }
    }));
    load();
    return () => {
        ended = true;
        session?.close();
        ends.dispose();
        title.replaceChildren();
        actions.replaceChildren();
    };

    async function load() {
        waiting ??= busy();
        try {
            show(await api.recording(id));
        } catch (error) {
            failed(error);
        }
    }

    function show(recording) {
        if (ended) {
            return;
        }

        setText(name, recording.name);
        name.title = recording.name;
        document.title = `${recording.name} – Diarist`;
        if (recording.state === 'done') {
            open();
        } else if (session === null) {
            work(recording);
        }
    }

    async function open() {
        if (session !== null) {
            return;
        }

        const model = new SessionModel(id);
        session = { close() { } };
        try {
            await model.load();
            if (!ended) {
                session = new SessionView(main, actions, model);
            }
        } catch (error) {
            session = null;
            failed(error);
        }
    }

    function work(recording) {
        if (recording.state === 'failed' || recording.state === 'cancelled') {
            message(recording.state === 'failed' ? recording.error?.message ?? 'This recording could not be read.' : 'The work on this recording was cancelled.');
            return;
        }

        waiting ??= busy();
        const upload = uploadOf(id);
        setText(waiting.text, facts(recording, upload));
        const share = progress(recording, upload) ?? null;
        waiting.bar.classList.toggle('waiting', share === null);
        waiting.bar.firstChild.style.transform = share === null ? '' : `scaleX(${share})`;
        waiting.bar.setAttribute('aria-valuenow', String(Math.round((share ?? 0) * 100)));
    }

    function busy() {
        const bar = h('div', { class: 'bar waiting', role: 'progressbar', 'aria-label': 'Progress', 'aria-valuemin': '0', 'aria-valuemax': '100' }, h('span'));
        const text = h('p', { class: 'muted numbers' }, 'The recording is being opened');
        main.replaceChildren(h('div', { class: 'centre' }, bar, text));
        return { bar, text };
    }

    function failed(error) {
        if (!ended) {
            message(error instanceof ApiError && error.status === 404 ? 'There is no such recording. It may have been deleted.' : error.message, () => { waiting = null; load(); });
        }
    }

    function message(text, retry) {
        session?.close();
        session = null;
        waiting = null;
        actions.replaceChildren();
        main.replaceChildren(h('div', { class: 'centre' },
            icon('wave'),
            h('p', { class: 'note bad', role: 'alert' }, text),
            h('div', { class: 'actions' }, retry ? button('Try again', retry) : null, h('a', { class: 'button', href: '#/' }, 'All recordings'))));
    }
}
