// Playing: the audio element, its speed, and stopping at the end of a turn.
import { Store } from './store.js';

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export class Player {
    /** 'idle', 'playing', 'loading' or 'broken'. */
    state = new Store('idle');
    speed = new Store(1);

    #audio = new Audio();
    #stopAt = Infinity;
    #listeners = new Set();
    #frame = 0;
    #seconds;

    constructor(path, seconds) {
        this.#seconds = seconds;
        const audio = this.#audio;
        audio.preload = 'metadata';
        audio.addEventListener('playing', () => this.state.set('playing'));
        audio.addEventListener('waiting', () => { if (!audio.paused) { this.state.set('loading'); } });
        audio.addEventListener('pause', () => { if (this.state.value !== 'broken') { this.state.set('idle'); } });
        audio.addEventListener('error', () => this.state.set('broken'));
        audio.addEventListener('seeked', () => this.#tell());
        audio.addEventListener('play', () => this.#tick());
        audio.src = path;
    }

    /** The time in seconds. */
    get time() {
        return this.#audio.currentTime;
    }

    /** Hears of every frame in which the time may have changed. */
    onTime(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    play() {
        this.#stopAt = Infinity;
        this.#start();
    }

    pause() {
        this.#audio.pause();
    }

    toggle() {
        if (this.#audio.paused) {
            this.play();
        } else {
            this.pause();
        }
    }

    /** Plays a stretch and stops at its end. */
    playRange(start, end) {
        this.seek(start);
        this.#stopAt = end;
        this.#start();
    }

    seek(time) {
        this.#stopAt = Infinity;
        this.#audio.currentTime = Math.min(Math.max(0, time), this.#seconds);
        this.#tell();
    }

    step(seconds) {
        this.seek(this.time + seconds);
    }

    setSpeed(speed) {
        this.#audio.defaultPlaybackRate = speed;
        this.#audio.playbackRate = speed;
        this.speed.set(speed);
    }

    /** The next speed of the list, up or down. */
    changeSpeed(direction) {
        const index = speeds.findIndex(speed => speed >= this.speed.value);
        this.setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, index + direction))]);
    }

    /** Tries a broken file again. */
    retry() {
        const { time } = this;
        this.state.set('idle');
        this.#audio.load();
        this.#audio.currentTime = time;
    }

    close() {
        cancelAnimationFrame(this.#frame);
        this.#listeners.clear();
        this.#audio.pause();
        this.#audio.removeAttribute('src');
        this.#audio.load();
    }

    #start() {
        // The promise is refused when pause() comes before the first sound, or the file cannot be played: the listeners above tell.
        this.#audio.play().catch(() => { });
    }

    #tick() {
        cancelAnimationFrame(this.#frame);
        if (this.#audio.currentTime >= this.#stopAt) {
            const end = this.#stopAt;
            this.#audio.pause();
            this.#stopAt = Infinity;
            this.#audio.currentTime = end;
        }

        this.#tell();
        if (!this.#audio.paused) {
            this.#frame = requestAnimationFrame(() => this.#tick());
        }
    }

    #tell() {
        for (const listener of this.#listeners) {
            listener(this.time);
        }
    }
}
