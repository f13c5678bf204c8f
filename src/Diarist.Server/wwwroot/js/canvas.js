// A canvas that is as sharp as the screen and is drawn at most once a frame.

export class Canvas {
    #scheduled = 0;
    #draw;

    /** draw(context, width, height) in CSS pixels. */
    constructor(className, draw) {
        this.element = document.createElement('canvas');
        this.element.className = className;
        this.element.setAttribute('aria-hidden', 'true');
        this.context = this.element.getContext('2d');
        this.width = 0;
        this.height = 0;
        this.#draw = draw;
    }

    resize(width, height) {
        const ratio = Math.min(2, devicePixelRatio || 1);
        const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
        if (this.element.width !== pixels[0] || this.element.height !== pixels[1]) {
            [this.element.width, this.element.height] = pixels;
            this.element.style.width = `${width}px`;
            this.element.style.height = `${height}px`;
        }

        [this.width, this.height] = [width, height];
        this.invalidate();
    }

    invalidate() {
        this.#scheduled ||= requestAnimationFrame(() => {
            this.#scheduled = 0;
            if (this.width > 0 && this.height > 0) {
                const ratio = this.element.width / this.width;
                this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
                this.context.clearRect(0, 0, this.width, this.height);
                this.#draw(this.context, this.width, this.height);
            }
        });
    }

    close() {
        cancelAnimationFrame(this.#scheduled);
    }
}
