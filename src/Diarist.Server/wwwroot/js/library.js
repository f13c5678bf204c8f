// The first view: a place to drop files, and all recordings.
import { announce, toast } from './announce.js';
import { api } from './api.js';
import { confirmDialog } from './dialogs.js';
import { button, h } from './dom.js';
import { icon } from './icons.js';
import { RecordingRow } from './recordingrow.js';
import { drop, recordings } from './recordings.js';
import { Disposer } from './store.js';
import { addFiles, cancelUpload, isBeingMade, resumeFile, retryUpload, uploads } from './uploads.js';

const audio = 'audio/*,video/*,.flac,.wav,.mp3,.ogg,.opus,.m4a,.mka,.mkv,.mp4,.webm,.amr,.aiff,.au';

/** Shows the list of recordings; returns what ends it. */
export function showLibrary(main, info) {
    const ends = new Disposer();
    const input = h('input', { type: 'file', multiple: true, accept: audio, class: 'visually-hidden', id: 'files', tabIndex: -1, 'aria-hidden': 'true', onchange: () => { send(input.files); input.value = ''; } });
    const again = h('input', { type: 'file', class: 'visually-hidden', tabIndex: -1, 'aria-hidden': 'true', 'aria-label': 'The same file again' });
    const speakers = h('select', { id: 'speakers-wanted' }, h('option', { value: '' }, 'not known'), ...Array.from({ length: 12 }, (_, index) => h('option', { value: String(index + 1) }, String(index + 1))));
    const words = info.engine ? h('input', { type: 'checkbox', id: 'words-wanted', checked: true }) : null;
    const place = h('section', { class: 'drop', 'aria-label': 'Add recordings' },
        icon('upload'),
        h('h2', {}, 'Drop recordings here'),
        h('p', { class: 'muted' }, 'Any number of audio or video files. They stay on this server.'),
        button('Choose files', () => input.click(), { class: 'primary', id: 'choose' }),
        h('div', { class: 'options' },
            h('label', { for: 'speakers-wanted' }, 'Number of people', speakers),
            words ? h('label', { for: 'words-wanted' }, words, 'write the words too') : null));
    const list = h('ul', { class: 'recordings', 'aria-label': 'Recordings' });
    const promises = h('ul', { class: 'promises muted' },
        h('li', {}, 'Who speaks when, for every second, also where people speak at once.'),
        h('li', {}, 'Names and corrections with a few keys; one correction reaches all turns alike.'),
        h('li', {}, 'This page speaks to this server and to nobody else. There is no account.'));
    const busy = h('div', { class: 'centre', 'aria-label': 'The list is being fetched' }, h('div', { class: 'spinner' }));
    const inner = h('div', {}, place, input, again, promises, list, busy);
    const cover = h('div', { class: 'cover', hidden: true, 'aria-hidden': 'true' }, 'Drop the files anywhere');
    main.replaceChildren(h('div', { class: 'library' }, inner), cover);

    function send(files) {
        if (files.length === 0) {
            return;
        }

        const options = {};
        if (speakers.value) {
            options.speakers = Number(speakers.value);
        }

        if (words?.checked) {
            options.transcribe = true;
        }

        addFiles(files, options);
        announce(files.length === 1 ? `${files[0].name} is in the queue.` : `${files.length} files are in the queue.`);
    }

    const actions = {
        cancelUpload: upload => cancelUpload(upload.key).catch(report),
        retry: upload => retryUpload(upload.key),
        cancel: recording => api.cancel(recording.id).catch(report),
        remove: async recording => {
            if (await confirmDialog(`Delete ${recording.name}?`, 'The recording, its turns and all corrections are deleted from the server. This cannot be undone.', 'Delete', { danger: true })) {
                api.remove(recording.id).then(() => { drop(recording.id); announce(`${recording.name} is deleted.`); }, report);
                document.getElementById('choose')?.focus();
            }
        },
        resume: recording => {
            again.onchange = () => {
                const [file] = again.files;
                again.value = '';
                if (file && (file.name !== recording.name || file.size !== recording.size)) {
                    toast(`${file.name} is another file than ${recording.name}.`, { bad: true });
                } else if (file) {
                    resumeFile(recording, file);
                }
            };
            again.click();
        },
    };

    const rows = new Map();
    const keys = new Map();
    const states = new Map();
    let scheduled = false;

    function update() {
        scheduled = false;
        // The server may tell of a recording before its answer to the request that made it is here: the upload's own row stands for both.
        const known = recordings.value.list?.filter(recording => !isBeingMade(recording)) ?? null;
        busy.hidden = known !== null || uploads.value.length > 0;
        const waiting = uploads.value.filter(upload => !known?.some(recording => recording.id === upload.id));
        const items = [
            ...waiting.map(upload => ({ key: upload.key, recording: null, upload })).reverse(),
            ...(known ?? []).map(recording => {
                const upload = uploads.value.find(upload => upload.id === recording.id);
                if (upload) {
                    // The row stays the same one when the upload ends, so that it keeps the focus.
                    keys.set(recording.id, upload.key);
                }

                return { key: keys.get(recording.id) ?? recording.id, recording, upload };
            }),
        ];
        inner.classList.toggle('empty', known !== null && items.length === 0);
        promises.hidden = known === null || items.length > 0;
        for (const [key, row] of rows) {
            if (!items.some(item => item.key === key)) {
                row.element.remove();
                rows.delete(key);
            }
        }

        items.forEach(({ key, recording, upload }, index) => {
            if (!rows.has(key)) {
                rows.set(key, new RecordingRow(actions));
            }

            const row = rows.get(key);
            row.update(recording, upload);
            if (list.children[index] !== row.element) {
                list.insertBefore(row.element, list.children[index] ?? null);
            }
        });
        (known ?? []).forEach(tellEnd);
    }

    /** Says aloud when a recording ends while this list is shown. */
    function tellEnd(recording) {
        const before = states.get(recording.id);
        states.set(recording.id, recording.state);
        if (before && before !== recording.state && ['done', 'failed', 'cancelled'].includes(recording.state)) {
            announce(`${recording.name}: ${recording.state}.`);
        }
    }

    const schedule = () => {
        if (!scheduled) {
            scheduled = true;
            requestAnimationFrame(update);
        }
    };
    ends.add(recordings.subscribe(schedule));
    ends.add(uploads.subscribe(schedule));
    watchDrops(ends, cover, place, send);
    document.title = 'Diarist';
    return () => ends.dispose();
}

const report = error => toast(error.message, { bad: true });

/** Files may be dropped anywhere on the page. */
function watchDrops(ends, cover, place, send) {
    let depth = 0;
    const show = over => {
        cover.hidden = !over;
        place.classList.toggle('over', over);
    };
    const hasFiles = event => event.dataTransfer?.types.includes('Files');
    ends.listen(window, 'dragenter', event => { if (hasFiles(event)) { depth++; show(true); } });
    ends.listen(window, 'dragleave', event => { if (hasFiles(event) && --depth <= 0) { depth = 0; show(false); } });
    ends.listen(window, 'dragover', event => { if (hasFiles(event)) { event.preventDefault(); } });
    ends.listen(window, 'drop', event => {
        if (hasFiles(event)) {
            event.preventDefault();
            depth = 0;
            show(false);
            send(event.dataTransfer.files);
        }
    });
}
