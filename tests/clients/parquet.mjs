// Prints what a Parquet file holds as JSON: the type of each column, and the rows. Reads with another library than the one that wrote it.
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';

const file = await asyncBufferFromFile(process.argv[2]);
const metadata = await parquetMetadataAsync(file);
const columns = metadata.schema.slice(1).map(({ name, type, repetition_type, logical_type, precision, scale }) => ({
  name,
  type,
  nullable: repetition_type === 'OPTIONAL',
  logical: logical_type?.type,
  unit: logical_type?.unit,
  utc: logical_type?.isAdjustedToUTC,
  precision: precision ?? logical_type?.precision,
  scale: scale ?? logical_type?.scale,
}));
const rows = await parquetReadObjects({ file, metadata, compressors: { GZIP: (packed) => new Uint8Array(gunzipSync(packed)) } });
// Whole numbers of eight bytes are BigInt there.
const plain = (_, value) => (typeof value === 'bigint' ? value.toString() : value);
console.log(JSON.stringify({ groups: metadata.row_groups.length, columns, rows }, plain));
