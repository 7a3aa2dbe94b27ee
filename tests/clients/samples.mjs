// Small files made here, so that none has to be kept.
import { deflateSync } from "node:zlib";

/** A picture of one colour; alpha below 255 makes a mask. */
export function png(width, height, [red, green, blue, alpha] = [200, 40, 40, 255]) {
  const row = Buffer.alloc(1 + width * 4);
  for (let x = 0; x < width; x++) {
    row.set([red, green, blue, alpha], 1 + x * 4);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A tenth of a second of silence. */
export function wav() {
  const samples = Buffer.alloc(1600 * 2);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16000, 24);
  header.writeUInt32LE(32000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** What the first bytes say a picture or film is. */
export function kindOf(bytes) {
  const head = Buffer.from(bytes.subarray(0, 12));
  if (head.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) {
    return "png";
  }
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) {
    return "jpeg";
  }
  if (head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8) === "WEBP") {
    return "webp";
  }
  return head.toString("latin1", 4, 8) === "ftyp" ? "mp4" : "unknown";
}

export function sizeOfPng(bytes) {
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}
