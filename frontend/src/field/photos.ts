// A photo made small enough to send, with what the camera wrote into it: the office reads the place there and shows it to
// nobody else.
const LONGER_PX = 2_000;
const QUALITY = 0.82;
const EXIF = 0x45786966; // "Exif"
const ORIENTATION = 0x0112;

export async function smaller(file: File): Promise<ArrayBuffer> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGER_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!made) throw new Error("no picture");
  return withExif(await made.arrayBuffer(), exifOf(await file.arrayBuffer()));
}

// The segment of a JPEG file that holds what the camera wrote, its two bytes of mark and its length in front.
export function exifOf(file: ArrayBuffer): Uint8Array | null {
  const view = new DataView(file);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 10 < view.byteLength && view.getUint8(at) === 0xff) {
    const mark = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    if (mark === 0xe1 && view.getUint32(at + 4) === EXIF && at + 2 + length <= view.byteLength) return upright(new Uint8Array(file.slice(at, at + 2 + length)));
    if (mark === 0xda) return null; // the picture itself begins
    at += 2 + length;
  }
  return null;
}

// The picture was drawn upright, so it must not be turned again.
function upright(segment: Uint8Array): Uint8Array {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const tiff = 10;
  const little = view.getUint16(tiff) === 0x4949;
  try {
    const first = tiff + view.getUint32(tiff + 4, little);
    const entries = view.getUint16(first, little);
    for (let n = 0; n < entries; n++) {
      const entry = first + 2 + n * 12;
      if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
    }
  } catch (wrong) {
    if (!(wrong instanceof RangeError)) throw wrong;
  }
  return segment;
}

export function withExif(jpeg: ArrayBuffer, exif: Uint8Array | null): ArrayBuffer {
  if (!exif) return jpeg;
  const joined = new Uint8Array(jpeg.byteLength + exif.length);
  joined.set(new Uint8Array(jpeg, 0, 2));
  joined.set(exif, 2);
  joined.set(new Uint8Array(jpeg, 2), 2 + exif.length);
  return joined.buffer;
}
