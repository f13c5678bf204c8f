// What is said to people who do not see the page, and short messages for those who do.
import { button, h } from './dom.js';

/** Says something when the screen reader is idle. */
export function announce(text) {
    say(document.getElementById('polite'), text);
}

/** Shows a short message; with an action, a button beside it; with a topic, in place of the last one of that topic. It stays while the pointer or the focus is on it. */
export function toast(text, { action, label, topic = '', bad = false, seconds = bad ? 12 : 6 } = {}) {
    const place = document.getElementById('toasts');
    const close = () => element.remove();
    if (topic) {
        place.querySelector(`[data-topic="${topic}"]`)?.remove();
    }

    const element = h('div', { dataset: { topic }, class: bad ? 'toast bad' : 'toast' },
        h('span', { class: 'grow' }, text),
        action ? button(label, () => { close(); action(); }) : null,
        button('Close', close, { class: 'quiet icon', 'aria-label': 'Close this message' }, '×'));
    place.append(element);
    while (place.children.length > 3) {
        place.firstChild.remove();
    }

    let timer = setTimeout(close, seconds * 1000);
    const hold = () => clearTimeout(timer);
    const release = () => { timer = setTimeout(close, 3000); };
    element.addEventListener('pointerenter', hold);
    element.addEventListener('pointerleave', release);
    element.addEventListener('focusin', hold);
    element.addEventListener('focusout', release);
    say(document.getElementById(bad ? 'assertive' : 'polite'), text);
}

function say(region, text) {
    // The same words twice are said twice only if the region was empty in between.
    region.textContent = '';
    requestAnimationFrame(() => { region.textContent = text; });
}
