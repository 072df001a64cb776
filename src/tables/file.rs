//! One Parquet file: columns in, columns out, by groups of rows. The only place that knows the crate.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, Encoding, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::cells::{Cells, Kind};
use super::schema::Column;
use crate::journal::SCHEMA;

/// zstd's own default: the next levels cost twice the time for a twentieth of the bytes.
const ZSTD_LEVEL: i32 = 3;
/// Bytes of the longest and shortest text that statistics keep: an id has 26.
const BOUND_BYTES_MAX: usize = 32;

fn broken(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => io::Error::other(inner),
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}

/// Values that differ in a column which is not compressed: as places in a dictionary they take at most half a byte each, and
/// a compressor costs as much as a thousand of them. Most signals are such columns.
const FEW_VALUES: usize = 16;

/// A file that is written.
pub(super) struct Writer {
    inner: SerializedFileWriter<BufWriter<File>>,
}

impl Writer {
    /// Begins a file with these columns, for such values as the first group of rows has.
    pub(super) fn begin(file: File, columns: &[Column], first: &[Cells]) -> io::Result<Self> {
        let properties = properties(columns, first).map_err(broken)?;
        let schema = schema(columns).map_err(broken)?;
        let inner = SerializedFileWriter::new(BufWriter::new(file), schema, Arc::new(properties)).map_err(broken)?;
        Ok(Self { inner })
    }

    /// Adds a group of rows: one [`Cells`] for each column, all of one length.
    pub(super) fn add(&mut self, cells: &[Cells]) -> io::Result<()> {
        let mut group = self.inner.next_row_group().map_err(broken)?;
        for column in cells {
            let mut writer = group
                .next_column()
                .map_err(broken)?
                .ok_or_else(|| io::Error::other("more columns are given than the file has"))?;
            write_cells(&mut writer, column).map_err(broken)?;
            writer.close().map_err(broken)?;
        }
        group.close().map(drop).map_err(broken)
    }

    /// Ends the file; it is for the caller to sync.
    pub(super) fn end(self) -> io::Result<File> {
        self.inner.into_inner().map_err(broken)?.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

fn properties(columns: &[Column], first: &[Cells]) -> Result<WriterProperties, ParquetError> {
    let about = vec![KeyValue::new("kith.schema".to_owned(), SCHEMA.to_string())];
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // With hundreds of columns, the places of pages would be longer than the pages.
        .set_offset_index_disabled(true)
        .set_statistics_truncate_length(Some(BOUND_BYTES_MAX))
        .set_created_by(format!("kith {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(about));
    for column in columns {
        let encoding = match (column.name.as_ref(), column.kind) {
            ("at" | "message_id" | "queue_id", Kind::Text) => Encoding::DELTA_BYTE_ARRAY,
            ("at_ms", Kind::Int) => Encoding::DELTA_BINARY_PACKED,
            _ => continue,
        };
        let path = ColumnPath::from(column.name.as_ref());
        builder = builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
    }
    for (column, _) in columns.iter().zip(first).filter(|(_, cells)| cells.are_few(FEW_VALUES)) {
        builder = builder.set_column_compression(ColumnPath::from(column.name.as_ref()), Compression::UNCOMPRESSED);
    }
    Ok(builder.build())
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let builder = match column.kind {
            Kind::Text => Type::primitive_type_builder(&column.name, Physical::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8),
            Kind::Int => Type::primitive_type_builder(&column.name, Physical::INT64),
            Kind::Float => Type::primitive_type_builder(&column.name, Physical::FLOAT),
        };
        builder.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder("kith").with_fields(fields).build().map(Arc::new)
}

fn write_cells(writer: &mut SerializedColumnWriter<'_>, cells: &Cells) -> Result<(), ParquetError> {
    fn put<T: DataType, V>(
        writer: &mut SerializedColumnWriter<'_>,
        values: &[Option<V>],
        of: impl Fn(&V) -> T::T,
    ) -> Result<(), ParquetError> {
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let known: Vec<T::T> = values.iter().flatten().map(of).collect();
        writer.typed::<T>().write_batch(&known, Some(&levels), None).map(drop)
    }
    match cells {
        Cells::Text(values) => put::<ByteArrayType, _>(writer, values, |text| ByteArray::from(text.as_str())),
        Cells::Int(values) => put::<Int64Type, _>(writer, values, |number| *number),
        Cells::Float(values) => put::<FloatType, _>(writer, values, |number| *number),
    }
}

/// A file that is read.
pub(super) struct Reader {
    inner: SerializedFileReader<File>,
}

impl Reader {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(named)?;
        SerializedFileReader::new(file).map(|inner| Self { inner }).map_err(|error| named(broken(error)))
    }

    /// Its columns; those of kinds that Kith never writes are left out.
    pub(super) fn columns(&self) -> Vec<Column> {
        let descriptor = self.inner.metadata().file_metadata().schema_descr();
        let known = descriptor.columns().iter().filter_map(|column| {
            let kind = match column.physical_type() {
                Physical::BYTE_ARRAY => Kind::Text,
                Physical::INT64 => Kind::Int,
                Physical::FLOAT => Kind::Float,
                _ => return None,
            };
            (column.max_rep_level() == 0 && column.max_def_level() <= 1)
                .then(|| Column { name: column.name().to_owned().into(), kind })
        });
        known.collect()
    }

    /// How many groups of rows it has.
    pub(super) fn groups(&self) -> usize {
        self.inner.num_row_groups()
    }

    /// How many rows a group has.
    pub(super) fn rows(&self, group: usize) -> usize {
        usize::try_from(self.inner.metadata().row_group(group).num_rows()).unwrap_or(0)
    }

    /// The least and the greatest text of a column in a group; `None` where the file does not say it exactly.
    pub(super) fn bounds(&self, group: usize, column: &str) -> Option<(String, String)> {
        let chunks = self.inner.metadata().row_group(group).columns();
        let chunk = chunks.iter().find(|chunk| chunk.column_descr().name() == column)?;
        let Some(Statistics::ByteArray(bounds)) = chunk.statistics() else { return None };
        let text = |bytes: Option<&[u8]>| bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        let exact = bounds.min_is_exact() && bounds.max_is_exact();
        Some((text(bounds.min_bytes_opt())?, text(bounds.max_bytes_opt())?)).filter(|_| exact)
    }

    /// The values of columns in a group. A column that the file lacks is all null; one of another kind is translated as
    /// far as that loses nothing.
    pub(super) fn read(&self, group: usize, columns: &[Column]) -> io::Result<Vec<Cells>> {
        let rows = self.rows(group);
        let reader = self.inner.get_row_group(group).map_err(broken)?;
        let descriptor = self.inner.metadata().file_metadata().schema_descr();
        let own = self.columns();
        let read = |column: &Column| {
            let place = descriptor.columns().iter().position(|c| c.name() == column.name);
            let Some(place) = place.filter(|_| own.iter().any(|known| known.name == column.name)) else {
                return Ok(Cells::nulls(column.kind, rows));
            };
            let max_def = descriptor.column(place).max_def_level();
            let reader = reader.get_column_reader(place)?;
            Ok(read_cells(reader, rows, max_def)?.into_kind(column.kind))
        };
        columns.iter().map(read).collect::<Result<_, _>>().map_err(broken)
    }
}

fn read_cells(reader: ColumnReader, rows: usize, max_def: i16) -> Result<Cells, ParquetError> {
    macro_rules! take {
        ($reader:expr, $of:expr) => {{
            let (mut levels, mut known) = (Vec::with_capacity(rows), Vec::new());
            let mut reader = $reader;
            let (read, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut known)?;
            if read != rows {
                return Err(ParquetError::General(format!("{read} rows where {rows} were promised")));
            }
            if max_def == 0 {
                known.into_iter().map(|value| $of(value).map(Some)).collect::<Result<Vec<_>, ParquetError>>()?
            } else {
                let mut known = known.into_iter();
                let value = |level: i16| if level == max_def { known.next().map(&$of).transpose() } else { Ok(None) };
                levels.into_iter().map(value).collect::<Result<Vec<_>, ParquetError>>()?
            }
        }};
    }
    Ok(match reader {
        ColumnReader::ByteArrayColumnReader(reader) => {
            Cells::Text(take!(reader, |bytes: ByteArray| bytes.as_utf8().map(str::to_owned)))
        }
        ColumnReader::Int64ColumnReader(reader) => Cells::Int(take!(reader, Ok::<i64, ParquetError>)),
        ColumnReader::FloatColumnReader(reader) => Cells::Float(take!(reader, Ok::<f32, ParquetError>)),
        _ => return Err(ParquetError::General("a column of a kind that Kith never writes".to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &'static str, kind: Kind) -> Column {
        Column { name: name.into(), kind }
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("a.parquet");
        let columns = [column("id", Kind::Text), column("at_ms", Kind::Int), column("score", Kind::Float)];
        let ids = |from: usize| Cells::Text((from..from + 2).map(|n| Some(format!("{n:026}"))).collect());
        let first = vec![ids(0), Cells::Int(vec![None, Some(-5)]), Cells::Float(vec![Some(0.5), None])];
        let second = vec![ids(2), Cells::Int(vec![Some(7), Some(8)]), Cells::Float(vec![None, None])];
        let mut writer = Writer::begin(File::create(&path).expect("made"), &columns, &first).expect("begun");
        writer.add(&first).expect("written");
        writer.add(&second).expect("written");
        writer.end().expect("ended");
        let reader = Reader::open(&path).expect("opened");
        assert_eq!((reader.groups(), reader.rows(1)), (2, 2));
        assert_eq!(reader.columns(), columns);
        assert_eq!(reader.read(0, &columns).expect("read"), first);
        assert_eq!(reader.read(1, &columns).expect("read"), second);
        assert_eq!(reader.bounds(1, "id"), Some((format!("{:026}", 2), format!("{:026}", 3))));
        assert_eq!(reader.bounds(1, "score"), None);
        // A reader with other columns: one in another order, one of another kind, one that is new.
        let others = [column("score", Kind::Float), column("at_ms", Kind::Float), column("mood", Kind::Text)];
        let expected = vec![
            Cells::Float(vec![None, None]),
            Cells::Float(vec![Some(7.0), Some(8.0)]),
            Cells::Text(vec![None, None]),
        ];
        assert_eq!(reader.read(1, &others).expect("read"), expected);
    }

    #[test]
    fn a_file_that_is_none_is_named() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, "no table").expect("written");
        let error = Reader::open(&path).err().expect("refused");
        assert!(error.to_string().contains("a.parquet"), "{error}");
    }
}
