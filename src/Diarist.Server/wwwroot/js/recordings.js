// All recordings of the server, kept current by its events.
import { api } from './api.js';
import { onEvent } from './events.js';
import { Store } from './store.js';

/** {list: recordings, newest first, or null before the first answer}. */
export const recordings = new Store({ list: null });

/** Ids of what was deleted: an answer that was given before, and comes after, must not bring it back. */
const gone = new Set();

/** Takes over one recording as the server gave it. */
export function keep(recording) {
    if (gone.has(recording.id)) {
        return;
    }

    const list = recordings.value.list ?? [];
    const index = list.findIndex(known => known.id === recording.id);
    recordings.set({ list: index < 0 ? [recording, ...list] : list.with(index, recording) });
}

/** Forgets one recording. */
export function drop(id) {
    gone.add(id);
    recordings.set({ list: (recordings.value.list ?? []).filter(known => known.id !== id) });
}

/** One recording, if it is known. */
export function find(id) {
    return recordings.value.list?.find(known => known.id === id);
}

onEvent(event => {
    if (event.type === 'recording') {
        keep(event.recording);
    } else if (event.type === 'deleted') {
        drop(event.id);
    } else {
        // Events were missed while the server was gone.
        api.recordings().then(list => recordings.set({ list: list.filter(({ id }) => !gone.has(id)) }), () => { });
    }
});
