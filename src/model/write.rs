//! Writes an additive model as an ONNX graph and its manifest.

use std::fmt;

use prost::Message;
use sha2::{Digest, Sha256};
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, StringStringEntryProto, TensorProto,
    TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};

use super::additive::{Additive, Table, TableError};
use super::graph::{CONTRIBUTIONS, OPSET, SCORE, VALUES};
use super::load::hexadecimal;
use super::manifest::{Card, FORMAT, Input, Manifest};

/// ONNX's own form number; 8 came with operator set 15 and is read by every engine since 2021.
const IR_VERSION: i64 = 8;

/// The two files of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `model.onnx`.
    pub onnx: Vec<u8>,
    /// `model.json`.
    pub manifest: Vec<u8>,
}

/// Why a model was not written.
#[derive(Debug)]
pub enum WriteError {
    /// The tables do not fit together.
    Tables(TableError),
    /// The manifest could not be put in JSON.
    Manifest(serde_json::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tables(why) => write!(f, "the model was not written: {why}"),
            Self::Manifest(why) => write!(f, "the model's manifest was not written: {why}"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes a model. The same tables and card give the same bytes. Both files belong together: the manifest names the
/// graph's digest, and loading refuses one without the other.
pub fn write(additive: &Additive, card: &Card) -> Result<Written, WriteError> {
    additive.check().map_err(WriteError::Tables)?;
    let onnx = ModelProto {
        ir_version: IR_VERSION,
        opset_import: vec![OperatorSetIdProto { domain: String::new(), version: OPSET }],
        producer_name: env!("CARGO_PKG_NAME").into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: "An additive model: bins by comparison, a table of log-odds for each input, and their sum.".into(),
        graph: Some(graph(additive)),
        metadata_props: metadata(additive, card),
        ..ModelProto::default()
    }
    .encode_to_vec();
    let manifest = Manifest {
        format: FORMAT,
        card: card.clone(),
        base: additive.base,
        inputs: additive.tables.iter().map(input).collect(),
        graph_sha256: hexadecimal(&Sha256::digest(&onnx)),
    };
    let mut manifest = serde_json::to_vec_pretty(&manifest).map_err(WriteError::Manifest)?;
    manifest.push(b'\n');
    Ok(Written { onnx, manifest })
}

fn input(table: &Table) -> Input {
    Input {
        name: table.input.clone(),
        edges: table.edges.len(),
        lowest: table.lowest(),
        highest: table.highest(),
        missing: table.missing,
    }
}

/// What a graph that lost its manifest must still tell.
fn metadata(additive: &Additive, card: &Card) -> Vec<StringStringEntryProto> {
    let names: Vec<&str> = additive.tables.iter().map(|table| table.input.as_str()).collect();
    [
        ("name", card.name.clone()),
        ("version", card.version.clone()),
        ("created", card.created.clone()),
        ("inputs", names.join(" ")),
    ]
    .map(|(key, value)| StringStringEntryProto { key: key.into(), value })
    .to_vec()
}

/// Compare, sum, gather, sum.
///
/// The table of each input begins with its missing bin, and its edges with the lowest number there is, which every
/// number reaches and not-a-number does not: so the count of edges reached is the bin, and missing is bin 0.
fn graph(additive: &Additive) -> GraphProto {
    let width = additive.tables.len();
    GraphProto {
        name: "additive".into(),
        input: vec![vector(VALUES, width)],
        output: vec![vector(SCORE, 1), vector(CONTRIBUTIONS, width)],
        initializer: initializers(additive),
        node: vec![
            node("GreaterOrEqual", &[VALUES, "edges"], "reached", &[]),
            node("Cast", &["reached"], "reached_as_float", &[("to", DataType::Float as i64)]),
            node("ReduceSum", &["reached_as_float", "first_axis"], "bin", &[("keepdims", 0)]),
            node("Add", &["bin", "first_place"], "place", &[]),
            // To 32 bits: the engine takes 64-bit integers for symbolic dimensions, which are slow.
            node("Cast", &["place"], "place_as_integer", &[("to", DataType::Int32 as i64)]),
            node("Gather", &["points", "place_as_integer"], CONTRIBUTIONS, &[("axis", 0)]),
            node("ReduceSum", &[CONTRIBUTIONS, "first_axis"], "sum", &[("keepdims", 1)]),
            node("Add", &["sum", "base"], SCORE, &[]),
        ],
        ..GraphProto::default()
    }
}

/// The tensors that hold the tables.
fn initializers(additive: &Additive) -> Vec<TensorProto> {
    let width = additive.tables.len();
    let height = 1 + additive.tables.iter().map(|table| table.edges.len()).max().unwrap_or(0);
    // One row an edge, one column an input; no number reaches the infinite edges that fill short columns up.
    let mut edges = vec![f32::INFINITY; height * width];
    let mut points = Vec::new();
    let mut first_place = Vec::with_capacity(width);
    for (column, table) in additive.tables.iter().enumerate() {
        for (row, edge) in std::iter::once(&f32::MIN).chain(&table.edges).enumerate() {
            edges[row * width + column] = *edge;
        }
        // A float holds every place: the largest model has 257,000, far below 2²⁴.
        first_place.push(points.len() as f32);
        points.push(table.missing);
        points.extend_from_slice(&table.points);
    }
    vec![
        floats("edges", &[height, width], &edges),
        floats("first_place", &[width], &first_place),
        floats("points", &[points.len()], &points),
        floats("base", &[1], &[additive.base]),
        TensorProto {
            name: "first_axis".into(),
            dims: vec![1],
            data_type: DataType::Int64 as i32,
            raw_data: 0_i64.to_le_bytes().to_vec(),
            ..TensorProto::default()
        },
    ]
}

fn floats(name: &str, dims: &[usize], values: &[f32]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: dims.iter().map(|dim| *dim as i64).collect(),
        data_type: DataType::Float as i32,
        raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        ..TensorProto::default()
    }
}

fn vector(name: &str, length: usize) -> ValueInfoProto {
    let dim = Dimension { value: Some(dimension::Value::DimValue(length as i64)), ..Dimension::default() };
    let tensor =
        type_proto::Tensor { elem_type: DataType::Float as i32, shape: Some(TensorShapeProto { dim: vec![dim] }) };
    let kind = TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..TypeProto::default() };
    ValueInfoProto { name: name.into(), r#type: Some(kind), ..ValueInfoProto::default() }
}

fn node(operation: &str, inputs: &[&str], output: &str, integers: &[(&str, i64)]) -> NodeProto {
    let attribute = |(name, value): &(&str, i64)| AttributeProto {
        name: (*name).into(),
        r#type: AttributeType::Int as i32,
        i: *value,
        ..AttributeProto::default()
    };
    NodeProto {
        name: output.into(),
        op_type: operation.into(),
        input: inputs.iter().map(|input| (*input).into()).collect(),
        output: vec![output.into()],
        attribute: integers.iter().map(attribute).collect(),
        ..NodeProto::default()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::additive::tests::table;

    pub(crate) fn additive() -> Additive {
        let tables = vec![
            table("link_count", &[1.0, 3.0], &[-0.5, 0.25, 2.0], -0.125),
            table("reply_to_differs", &[0.5], &[-0.0625, 1.5], 0.0),
        ];
        Additive { base: -1.0, tables }
    }

    pub(crate) fn written() -> Written {
        write(&additive(), &Card { name: "sample".into(), version: "1".into(), ..Card::default() }).unwrap()
    }

    #[test]
    fn the_same_tables_give_the_same_bytes() {
        assert_eq!(written(), written());
    }

    #[test]
    fn the_manifest_says_what_each_input_can_add() {
        let manifest: Manifest = serde_json::from_slice(&written().manifest).unwrap();
        let first = Input { name: "link_count".into(), edges: 2, lowest: -0.5, highest: 2.0, missing: -0.125 };
        assert_eq!(manifest.inputs[0], first);
        assert_eq!((manifest.format, manifest.base, manifest.card.name.as_str()), (FORMAT, -1.0, "sample"));
    }

    #[test]
    fn a_graph_alone_still_tells_its_inputs() {
        let model = ModelProto::decode(&written().onnx[..]).unwrap();
        let inputs = model.metadata_props.iter().find(|entry| entry.key == "inputs").unwrap();
        assert_eq!(inputs.value, "link_count reply_to_differs");
        assert_eq!(model.opset_import[0].version, OPSET);
    }

    #[test]
    fn tables_that_do_not_fit_are_not_written() {
        let said = write(&Additive::default(), &Card::default()).unwrap_err().to_string();
        assert!(said.contains("0 inputs"), "{said}");
    }
}
