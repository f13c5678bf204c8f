// Says when the server is gone and when it is tried again.
import { announce } from './announce.js';
import { button, h, setText } from './dom.js';
import { connect, connection } from './events.js';

/** Shows the bar in an element while the server does not answer. */
export function connectionBar(element) {
    const text = h('span');
    let timer = 0;
    let gone = false;
    element.append(text, button('Try now', connect));
    connection.subscribe(({ state, next }) => {
        clearInterval(timer);
        if (state === 'offline') {
            const show = () => setText(text, `The server does not answer. What is shown stays; the next try is ${next - Date.now() > 1000 ? `in ${Math.ceil((next - Date.now()) / 1000)} s` : 'now'}.`);
            show();
            timer = setInterval(show, 1000);
            element.hidden = false;
            gone = true;
        } else if (state === 'online') {
            element.hidden = true;
            if (gone) {
                announce('The server is there again.');
            }

            gone = false;
        }
    });
}
