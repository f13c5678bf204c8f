// The server's interface. Every call ends in an answer, in an ApiError (the server said no) or in an UnreachableError (it said nothing).

/** The server refused; code and message are its own. */
export class ApiError extends Error {
    constructor(status, problem) {
        super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
        this.status = status;
        this.code = problem.code ?? '';
    }
}

/** The server did not answer. */
export class UnreachableError extends Error {
    constructor() {
        super('The server does not answer.');
    }
}

const base = '/api/recordings';
const at = (id, rest = '') => `${base}/${encodeURIComponent(id)}${rest}`;

async function call(method, path, { json, body, headers = {}, signal } = {}) {
    let response;
    try {
        response = await fetch(path, {
            method,
            signal,
            headers: json === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
            body: json === undefined ? body : JSON.stringify(json),
        });
    } catch (error) {
        throw error.name === 'AbortError' ? error : new UnreachableError();
    }

    if (!response.ok) {
        throw await refusal(response);
    }

    return response;
}

async function refusal(response) {
    // A proxy in front answers these when the server behind it is gone.
    if ([502, 503, 504].includes(response.status) && !response.headers.get('Content-Type')?.includes('json')) {
        return new UnreachableError();
    }

    return new ApiError(response.status, await response.json().catch(() => ({})));
}

async function read(response) {
    try {
        return await response.json();
    } catch (error) {
        throw error.name === 'AbortError' ? error : new UnreachableError();
    }
}

const get = async (path, signal) => read(await call('GET', path, { signal }));
const post = async (path, json) => read(await call('POST', path, { json }));

export const api = {
    info: () => get('/api/server'),
    login: key => call('POST', '/api/login', { json: { key } }),
    recordings: async () => (await get(base)).recordings,
    recording: id => get(at(id)),
    create: (name, size, options) => post(base, { name, size, options }),
    offset: async id => Number((await call('HEAD', at(id, '/content'))).headers.get('Upload-Offset') ?? 0),
    cancel: id => call('POST', at(id, '/cancel')),
    remove: id => call('DELETE', at(id)),
    session: id => get(at(id, '/session')),
    edit: (id, edit) => post(at(id, '/edits'), edit),
    review: async id => (await get(at(id, '/review'))).questions,
    peaks: (id, from, to, width, signal) => get(at(id, `/peaks?from=${from}&to=${to}&width=${width}`), signal),
    addTranscript: async (id, file) => read(await call('PUT', at(id, `/transcript?name=${encodeURIComponent(file.name)}`), { body: file, headers: { 'Content-Type': 'application/octet-stream' } })),
    contentPath: id => at(id, '/content'),
    audioPath: id => at(id, '/audio'),
    exportPath: (id, format) => at(id, `/export?format=${encodeURIComponent(format)}`),
    eventsPath: '/api/events',
};
