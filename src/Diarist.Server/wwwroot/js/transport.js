// The controls for playing, between timeline and transcript.
import { button, h, setText } from './dom.js';
import { clock } from './format.js';
import { icon } from './icons.js';
import { speeds } from './player.js';

const states = { idle: '', playing: '', loading: 'The sound is being fetched', broken: 'The sound cannot be played.' };

/** Makes the controls. actions: playTurn(), zoom(factor), whole(), follow(). */
export function transport(player, timeline, transcript, seconds, actions, ends) {
    const play = button('', () => player.toggle(), { class: 'primary icon', id: 'play' }, icon('play'));
    const time = h('span', { class: 'numbers time', id: 'time' }, clock(0, true));
    const speed = h('select', { id: 'speed', 'aria-label': 'Speed', title: 'Speed (, and .)', onchange: () => player.setSpeed(Number(speed.value)) }, ...speeds.map(value => h('option', { value: String(value), selected: value === 1 }, `${value}×`)));
    const follow = button('', () => actions.follow(), { class: 'quiet follow', id: 'follow', title: 'Follow what is heard (F)' }, icon('follow'), h('span', {}, 'Follow'));
    const state = h('span', { class: 'small muted', role: 'status' });
    const retry = button('Try again', () => player.retry(), { hidden: true });
    const glyph = (label, key, name, run) => button('', run, { class: 'quiet icon', 'aria-label': label, title: `${label} (${key})` }, icon(name));
    const jump = (label, seconds) => button(label, () => player.step(seconds), { class: 'quiet', 'aria-label': seconds < 0 ? `${-seconds} seconds back` : `${seconds} seconds on`, title: seconds < 0 ? `${-seconds} seconds back (←)` : `${seconds} seconds on (→)` });
    ends.add(player.state.subscribe(value => {
        const playing = value === 'playing' || value === 'loading';
        play.replaceChildren(icon(playing ? 'pause' : 'play'));
        play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
        play.title = playing ? 'Pause (space)' : 'Play (space)';
        setText(state, states[value]);
        retry.hidden = value !== 'broken';
    }));
    ends.add(player.speed.subscribe(value => { speed.value = String(value); }));
    ends.add(player.onTime(now => setText(time, clock(now, true))));
    ends.add(transcript.following.subscribe(value => follow.setAttribute('aria-pressed', String(value))));
    return h('div', { class: 'transport', role: 'group', 'aria-label': 'Playing' },
        jump('−5 s', -5),
        play,
        jump('+5 s', 5),
        button('', actions.playTurn, { class: 'quiet', title: 'Play this turn (P)', 'aria-label': 'Play this turn', id: 'play-turn' }, icon('turn'), h('span', { class: 'wide-only' }, 'This turn')),
        h('span', { class: 'times numbers' }, time, h('span', { class: 'muted' }, ` / ${clock(seconds)}`)),
        speed, state, retry,
        h('span', { class: 'grow' }),
        follow,
        h('span', { class: 'zoom' },
            glyph('Zoom out', '−', 'minus', () => actions.zoom(1 / 1.6)),
            glyph('Whole recording', 'W', 'whole', actions.whole),
            glyph('Zoom in', '+', 'plus', () => actions.zoom(1.6))));
}
