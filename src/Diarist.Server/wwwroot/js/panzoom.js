// Pointer, wheel and touch on the lanes: drag and wheel move, Ctrl and wheel or two fingers zoom, a click points at a time.

/** Listens on an element; onclick(x, y, event) hears of clicks that did not drag. */
export function panZoom(element, viewport, onclick) {
    const pointers = new Map();
    let moved = false;
    let origin = null;

    const local = event => {
        const box = element.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    element.addEventListener('wheel', event => {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) {
            viewport.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0025)), local(event).x);
        } else {
            const delta = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
            viewport.pan(delta * (event.deltaMode === 1 ? 24 : 1));
        }
    }, { passive: false });

    element.addEventListener('pointerdown', event => {
        if (event.button !== 0) {
            return;
        }

        pointers.set(event.pointerId, local(event));
        if (pointers.size === 1) {
            moved = false;
            origin = local(event);
        }
    });

    element.addEventListener('pointermove', event => {
        const before = pointers.get(event.pointerId);
        if (!before) {
            return;
        }

        const now = local(event);
        const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
        if (other) {
            moved = true;
            const was = Math.abs(before.x - other.x);
            const is = Math.abs(now.x - other.x);
            if (was > 10 && is > 10) {
                viewport.zoom(is / was, (now.x + other.x) / 2);
            }

            viewport.pan((before.x - now.x) / 2);
        } else if (moved || Math.hypot(now.x - origin.x, now.y - origin.y) > 4) {
            moved = true;
            element.setPointerCapture(event.pointerId);
            viewport.pan(before.x - now.x);
        }

        pointers.set(event.pointerId, now);
    });

    const release = event => {
        if (pointers.delete(event.pointerId) && !moved && event.type === 'pointerup') {
            const { x, y } = local(event);
            onclick(x, y, event);
        }
    };
    element.addEventListener('pointerup', release);
    element.addEventListener('pointercancel', release);
}
