// A recording's session: what the server says of it, and corrections on their way. Corrections go one after another, each on the revision before.
import { api, ApiError, UnreachableError } from './api.js';
import { whenOnline } from './events.js';
import { Store } from './store.js';

export class SessionModel {
    /** The session as the server gave it last; null before. */
    session = new Store(null);

    /** 'saved', 'saving', or 'waiting' while the server is gone. */
    saving = new Store('saved');

    #queue = Promise.resolve();
    #pending = 0;
    #closed = false;

    constructor(id) {
        this.id = id;
    }

    async load() {
        this.session.set(prepare(await api.session(this.id)));
    }

    /** Takes over what was changed elsewhere, unless a correction is on its way, which brings it along. */
    async refresh() {
        if (this.#pending === 0) {
            const session = await api.session(this.id);
            if (this.#pending === 0 && session.revision !== this.session.value.revision) {
                this.session.set(prepare(session));
            }
        }
    }

    close() {
        this.#closed = true;
    }

    /** How a speaker is called. */
    nameOf(label) {
        return this.session.value?.speakers.find(speaker => speaker.label === label)?.name ?? label ?? 'Nobody';
    }

    /**
     * Makes a correction: {kind, …} without its revision. Resolves with null when the server took it, and with the error when it refused.
     * While the server is gone it waits and tries again.
     */
    edit(change) {
        this.#pending++;
        this.saving.set('saving');
        const done = this.#queue.then(() => this.#send(change)).finally(() => {
            if (--this.#pending === 0) {
                this.saving.set('saved');
            }
        });
        this.#queue = done.catch(() => { });
        return done;
    }

    /** Adds a transcript file, so that the session has words. */
    async addTranscript(file) {
        this.session.set(prepare(await api.addTranscript(this.id, file)));
    }

    async #send(change) {
        const { revision } = this.session.value;
        while (!this.#closed) {
            try {
                this.session.set(prepare(await api.edit(this.id, { revision, ...change })));
                return null;
            } catch (error) {
                if (error instanceof UnreachableError) {
                    this.saving.set('waiting');
                    await new Promise(resolve => setTimeout(resolve, 500));
                    await whenOnline();
                    this.saving.set('saving');
                    continue;
                }

                if (error instanceof ApiError && error.code === 'revision') {
                    // Either another window was faster, or this correction arrived and its answer did not: what the server holds counts.
                    await this.load();
                }

                return error;
            }
        }

        return null;
    }
}

/** Sorts turns and words by start, which everything here relies on. A word without a time gets that of the word before it. */
function prepare(session) {
    const byStart = (left, right) => left.start - right.start || left.end - right.end;
    let last = 0;
    for (const word of session.words) {
        word.start ??= last;
        word.end ??= word.start;
        last = word.end;
    }

    session.turns.sort(byStart);
    session.words.sort(byStart);
    return session;
}
