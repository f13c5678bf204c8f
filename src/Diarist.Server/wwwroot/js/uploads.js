// Files on their way to the server: one after another, in parts, resumed where they broke off.
import { api, ApiError, UnreachableError } from './api.js';
import { whenOnline } from './events.js';
import { drop, keep } from './recordings.js';
import { Store } from './store.js';

/** Bytes of one request; a broken connection costs at most this much. */
const part = 8 * 1024 * 1024;

/** [{key, file, id?, state: 'waiting' | 'sending' | 'paused' | 'failed', sent, rate (bytes a second), error?}]. */
export const uploads = new Store([]);

let next = 1;
let busy = false;
const requests = new Map();

/** Refusals that pass: the queue is full, a request that broke off is not over yet, other bytes are there than was thought. */
const retried = new Set([429, 'queue_full', 'busy', 'offset']);

/** Puts files into the queue. */
export function addFiles(files, options = {}) {
    const added = [...files].map(file => ({ key: `upload-${next++}`, file, options, id: null, state: 'waiting', sent: 0, rate: 0 }));
    uploads.set([...uploads.value, ...added]);
    work();
}

/** Goes on with a recording whose upload was interrupted; the file must be the same. */
export function resumeFile(recording, file) {
    uploads.set([...uploads.value, { key: `upload-${next++}`, file, options: {}, id: recording.id, state: 'waiting', sent: recording.offset, rate: 0 }]);
    work();
}

/** Takes a file out of the queue, and what was sent of it off the server. */
export async function cancelUpload(key) {
    const upload = uploads.value.find(upload => upload.key === key);
    uploads.set(uploads.value.filter(upload => upload.key !== key));
    requests.get(key)?.abort();
    if (upload?.id) {
        await api.remove(upload.id);
        drop(upload.id);
    }
}

/** Tries a refused file again. */
export function retryUpload(key) {
    change(key, { state: 'waiting', error: undefined });
    work();
}

/** The upload of a recording, if there is one. */
export function uploadOf(id) {
    return uploads.value.find(upload => upload.id === id);
}

/** Whether a recording may be that of an upload whose request to make it is not answered yet. */
export function isBeingMade(recording) {
    return recording.state === 'uploading' && recording.offset === 0
        && uploads.value.some(({ id, state, file }) => id === null && state === 'sending' && file.name === recording.name && file.size === recording.size);
}

function change(key, changes) {
    uploads.set(uploads.value.map(upload => upload.key === key ? { ...upload, ...changes } : upload));
}

const present = key => uploads.value.find(upload => upload.key === key);

async function work() {
    if (busy) {
        return;
    }

    busy = true;
    for (let upload; (upload = uploads.value.find(upload => upload.state === 'waiting'));) {
        await send(upload.key);
    }

    busy = false;
}

async function send(key) {
    while (present(key)) {
        try {
            change(key, { state: 'sending' });
            await sendOnce(key);
            uploads.set(uploads.value.filter(upload => upload.key !== key));
            return;
        } catch (error) {
            if (!present(key)) {
                return;
            }

            if (error instanceof UnreachableError) {
                change(key, { state: 'paused', rate: 0 });
                await pause(1000);
                await whenOnline();
            } else if (error instanceof ApiError && retried.has(error.code || error.status)) {
                change(key, { state: 'paused', rate: 0 });
                await pause(error.status === 429 ? 5000 : 1000);
            } else {
                change(key, { state: 'failed', error: error.message });
                return;
            }
        }
    }
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

async function sendOnce(key) {
    let { file, id, options } = present(key);
    let offset = 0;
    if (id === null) {
        const recording = await api.create(file.name, file.size, options);
        id = recording.id;
        if (!present(key)) {
            await api.remove(id);
            drop(id);
            return;
        }

        change(key, { id });
        keep(recording);
    } else if ((await api.recording(id)).state !== 'uploading') {
        // All of it arrived, and only the answer was lost.
        return;
    } else {
        offset = await api.offset(id);
    }

    const meter = new RateMeter(offset);
    // At least one request: a file that is there as a whole, but found the queue full, is handed over by an empty one.
    for (let sent = false; (!sent || offset < file.size) && present(key); sent = true) {
        const recording = await put(key, id, file.slice(offset, offset + part), offset, now => change(key, { sent: now, rate: meter.at(now) }));
        offset = recording.offset;
        change(key, { sent: offset });
        keep(recording);
    }
}

/** One part; XMLHttpRequest because fetch does not tell how much has been sent. */
function put(key, id, body, offset, onsent) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        requests.set(key, request);
        request.open('PUT', api.contentPath(id));
        request.setRequestHeader('Upload-Offset', String(offset));
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        request.responseType = 'json';
        request.upload.addEventListener('progress', event => onsent(offset + event.loaded));
        request.addEventListener('load', () => {
            if (request.status < 300 && request.response) {
                resolve(request.response);
            } else if ([502, 503, 504].includes(request.status)) {
                reject(new UnreachableError());
            } else {
                reject(new ApiError(request.status, request.response ?? {}));
            }
        });
        request.addEventListener('error', () => reject(new UnreachableError()));
        request.addEventListener('abort', () => reject(new UnreachableError()));
        request.addEventListener('loadend', () => requests.delete(key));
        request.send(body);
    });
}

/** Bytes a second over about the last three seconds. */
class RateMeter {
    #points;

    constructor(offset) {
        this.#points = [[performance.now(), offset]];
    }

    at(sent) {
        const now = performance.now();
        this.#points.push([now, sent]);
        while (this.#points.length > 2 && now - this.#points[0][0] > 3000) {
            this.#points.shift();
        }

        const [time, bytes] = this.#points[0];
        return now > time ? (sent - bytes) / (now - time) * 1000 : 0;
    }
}

window.addEventListener('beforeunload', event => {
    if (uploads.value.some(upload => upload.state !== 'failed')) {
        event.preventDefault();
    }
});
