// 28x28 gray pixels: 784 bytes, row by row, 0 is black.

export const SIDE = 28;

export function decode(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Paints pixels onto a canvas of 28x28; CSS enlarges it. */
export function paint(canvas, pixels) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  pixels.forEach((value, index) => image.data.set([value, value, value, 255], 4 * index));
  context.putImageData(image, 0, 0);
}
