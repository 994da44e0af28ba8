// Asks about the drawing while it grows: one question at a time, always about the latest strokes.

const SHORTEST_PAUSE_MS = 40;

export class Follower {
  /** `ask(pixels)` gives an answer, `show(answer)` gets it, `fail(error)` says how many seconds to wait. */
  constructor({ ask, show, fail }) {
    Object.assign(this, { ask, show, fail });
    this.latest = null;
    this.isAsking = false;
  }

  /** The drawing has changed; null when it is empty. */
  see(pixels) {
    this.latest = { pixels: pixels && pixels.slice() };
    if (!this.isAsking) this.run();
  }

  async run() {
    this.isAsking = true;
    while (this.latest) {
      const { pixels } = this.latest;
      this.latest = null;
      let pause = SHORTEST_PAUSE_MS;
      try {
        const answer = pixels && (await this.ask(pixels));
        if (!this.latest || this.latest.pixels) this.show(answer);
      } catch (error) {
        const seconds = this.fail(error);
        if (seconds > 0) this.latest ??= { pixels };
        pause = Math.max(pause, 1000 * seconds);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    this.isAsking = false;
  }
}
