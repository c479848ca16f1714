// Reads the QR label of a camera with the phone's camera: by the browser itself where it can, else by a small library.
interface Detector {
  detect(from: CanvasImageSource): Promise<{ rawValue: string }[]>;
}

const EVERY_MS = 150;
const SIDE_PX = 640;

async function reader(): Promise<(video: HTMLVideoElement, canvas: HTMLCanvasElement) => Promise<string>> {
  const Native = (globalThis as unknown as { BarcodeDetector?: new (asked: { formats: string[] }) => Detector }).BarcodeDetector;
  if (Native) {
    const detector = new Native({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const { default: decode } = await import("qr/decode.js");
  return async (video, canvas) => {
    const scale = Math.min(1, SIDE_PX / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context || !canvas.width) return "";
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decode(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return ""; // no code in this picture
    }
  };
}

// Calls `found` with each text that it reads until it says true; null where there is no camera to look through.
export async function scan(video: HTMLVideoElement, found: (text: string) => boolean): Promise<(() => void) | null> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch {
    return null;
  }
  video.srcObject = stream;
  await video.play().catch(() => undefined);
  const [read, canvas] = [await reader(), document.createElement("canvas")];
  let open = true;
  const stop = (): void => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  const look = async (): Promise<void> => {
    if (!open) return;
    const text = video.readyState >= 2 ? await read(video, canvas).catch(() => "") : "";
    if (open && text && found(text)) stop();
    else setTimeout(() => void look(), EVERY_MS);
  };
  void look();
  return stop;
}

// A label holds the code, alone or at the end of an address.
export function codeIn(text: string): string {
  return /\b[A-Z]{2,6}-\d{6,9}-\d\b/.exec(text.toUpperCase())?.[0] ?? "";
}

const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

// The last digit is a check of the others (Damm 2004): a mistyped or swapped digit is told at once.
export function codeFits(code: string): boolean {
  const digits = code.replace(/^[A-Z]+-/, "").replace(/\D/g, "");
  let state = 0;
  for (const digit of digits) state = Number(DAMM[state]?.[Number(digit)]);
  return state === 0;
}
