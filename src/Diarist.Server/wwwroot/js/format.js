// Numbers as people read them.

/** 1:02:03 or 2:03, with tenths where asked. */
export function clock(seconds, tenths = false) {
    const whole = tenths ? Math.floor(seconds * 10 + 1e-6) / 10 : Math.floor(seconds + 1e-6);
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    const rest = whole % 60;
    const text = tenths ? rest.toFixed(1).padStart(4, '0') : String(Math.floor(rest)).padStart(2, '0');
    return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${text}` : `${minutes}:${text}`;
}

/** Seconds from 1:02:03.4, 62.5 or 1:02; NaN for anything else. */
export function parseClock(text) {
    if (!/^\d+(:\d{1,2}){0,2}([.,]\d+)?$/.test(text.trim())) {
        return NaN;
    }

    return text.trim().replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** 4.1 s, 12 min, 3 h 05 min. */
export function duration(seconds) {
    if (seconds < 60) {
        return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
    }

    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** About how long something still takes. */
export function timeLeft(seconds) {
    return seconds < 2 ? 'almost done' : seconds < 60 ? `${Math.ceil(seconds)} s left` : `about ${duration(seconds)} left`;
}

/** 1.4 MB. */
export function bytes(count) {
    const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
    let unit = 0;
    while (count >= 1000 && unit < units.length - 1) {
        count /= 1000;
        unit++;
    }

    return `${unit === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`;
}

/** 42 %. */
export function percent(share) {
    return `${Math.round(share * 100)} %`;
}

/** 1 turn, 2 turns. */
export function plural(count, one, many = `${one}s`) {
    return `${count} ${count === 1 ? one : many}`;
}

/** 38× real time. */
export function speed(times) {
    return `${times >= 10 ? Math.round(times) : times.toFixed(1)}× real time`;
}
