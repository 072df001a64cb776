//! The form every graph has: one vector of values in, a score and its contributions out, by plain tensor operations.

use prost::Message;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::tensor_shape_proto::dimension;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, type_proto};

/// The graph's only input: a vector of `f32`, one an input of the manifest, not-a-number where missing.
pub(super) const VALUES: &str = "values";
/// First output: the score, one `f32`.
pub(super) const SCORE: &str = "score";
/// Second output: a vector of `f32`, what each input contributed.
pub(super) const CONTRIBUTIONS: &str = "contributions";

/// The operator set that graphs are written in; the engine is tested with 9 to 18.
pub(super) const OPSET: i64 = 17;

/// The most elements of a tensor: the largest additive model (1,000 inputs, 255 edges each) has 257,000.
const ELEMENTS_MAX: usize = 1 << 20;

/// The operations a graph may use: compare, sum, gather, sum, and what joins them. Nothing else has been shown to give
/// the same answer in every engine; the stock tree nodes have been shown not to.
const OPERATIONS: [&str; 5] = ["GreaterOrEqual", "Cast", "ReduceSum", "Add", "Gather"];

/// Decodes a graph and checks its form; an error says what does not fit.
pub(super) fn decode(onnx: &[u8], inputs: usize) -> Result<ModelProto, String> {
    let model = ModelProto::decode(onnx).map_err(|why| format!("it is not an ONNX model ({why})"))?;
    if !model.functions.is_empty() || !model.training_info.is_empty() {
        return Err("it brings functions or training steps of its own".into());
    }
    let graph = model.graph.as_ref().ok_or("it holds no graph")?;
    check_ends(graph, inputs)?;
    graph.initializer.iter().try_for_each(check_tensor)?;
    if !graph.sparse_initializer.is_empty() {
        return Err("it holds sparse tensors".into());
    }
    graph.node.iter().try_for_each(check_node)?;
    // The engine takes it for granted that outputs are made.
    let is_made = |output: &&ValueInfoProto| graph.node.iter().any(|node| node.output.contains(&output.name));
    match graph.output.iter().find(|output| !is_made(output)) {
        Some(output) => Err(format!("no operation makes its output `{}`", output.name)),
        None => Ok(model),
    }
}

fn check_ends(graph: &GraphProto, inputs: usize) -> Result<(), String> {
    // Older writers list the constants among the inputs.
    let is_constant = |info: &&ValueInfoProto| graph.initializer.iter().any(|tensor| tensor.name == info.name);
    let ins: Vec<_> = graph.input.iter().filter(|info| !is_constant(info)).collect();
    match ins[..] {
        [info] if info.name == VALUES && is_vector(info, inputs) => {}
        _ => return Err(format!("its input must be one vector `{VALUES}` of {inputs} floats")),
    }
    match &graph.output[..] {
        [score, contributions]
            if score.name == SCORE
                && is_vector(score, 1)
                && contributions.name == CONTRIBUTIONS
                && is_vector(contributions, inputs) =>
        {
            Ok(())
        }
        _ => Err(format!("its outputs must be `{SCORE}`, one float, and `{CONTRIBUTIONS}`, {inputs} floats")),
    }
}

fn is_vector(info: &ValueInfoProto, length: usize) -> bool {
    let Some(type_proto::Value::TensorType(tensor)) = info.r#type.as_ref().and_then(|t| t.value.as_ref()) else {
        return false;
    };
    let dims = tensor.shape.as_ref().map(|shape| &shape.dim[..]).unwrap_or_default();
    tensor.elem_type == DataType::Float as i32
        && matches!(dims, [dim] if dim.value == Some(dimension::Value::DimValue(length as i64)))
}

fn check_tensor(tensor: &TensorProto) -> Result<(), String> {
    // A tensor kept elsewhere would have the engine open a file that no digest covers.
    let is_here = tensor.data_location.unwrap_or_default() == DataLocation::Default as i32;
    if !is_here || !tensor.external_data.is_empty() {
        return Err(format!("tensor `{}` is kept in another file", tensor.name));
    }
    // The engine allocates what the dimensions say, before it looks for the values.
    let elements =
        tensor.dims.iter().try_fold(1_usize, |product, dim| product.checked_mul(usize::try_from(*dim).ok()?));
    match elements {
        Some(elements) if elements <= ELEMENTS_MAX => Ok(()),
        _ => Err(format!("tensor `{}` has no size that a model needs", tensor.name)),
    }
}

fn check_node(node: &NodeProto) -> Result<(), String> {
    let is_standard = node.domain.is_empty() || node.domain == "ai.onnx";
    if !is_standard || !OPERATIONS.contains(&node.op_type.as_str()) {
        return Err(format!("operation `{}` is none of {}", node.op_type, OPERATIONS.join(", ")));
    }
    let is_plain = |kind: i32| kind == AttributeType::Int as i32;
    match node.attribute.iter().find(|attribute| !is_plain(attribute.r#type)) {
        Some(attribute) => Err(format!("attribute `{}` of {} is no integer", attribute.name, node.op_type)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::write::tests::written;

    fn sample() -> ModelProto {
        ModelProto::decode(&written().onnx[..]).unwrap()
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut ModelProto, &mut GraphProto), expected: &str) {
        let mut model = sample();
        let mut graph = model.graph.take().unwrap();
        change(&mut model, &mut graph);
        model.graph = Some(graph);
        let got = decode(&model.encode_to_vec(), 2).err().unwrap_or_default();
        assert!(got.contains(expected), "{got:?} does not contain {expected:?}");
    }

    #[test]
    fn what_is_written_has_the_form() {
        assert_eq!(decode(&sample().encode_to_vec(), 2), Ok(sample()));
    }

    #[test]
    fn the_ends_must_fit_the_manifest() {
        assert!(decode(&sample().encode_to_vec(), 3).is_err(), "three inputs in the manifest, two in the graph");
        check(|_, graph| graph.input[0].name = "X".into(), "its input must be one vector `values`");
        check(|_, graph| graph.input.push(ValueInfoProto::default()), "its input must be one vector `values`");
        check(|_, graph| graph.output.reverse(), "its outputs must be `score`");
        check(|_, graph| graph.output.truncate(1), "its outputs must be `score`");
        check(|_, graph| graph.output[0].r#type = None, "its outputs must be `score`");
        check(|_, graph| drop(graph.node.pop()), "no operation makes its output `score`");
    }

    #[test]
    fn a_graph_may_not_reach_for_other_files() {
        check(|_, graph| graph.initializer[0].data_location = Some(1), "kept in another file");
        check(|_, graph| graph.initializer[0].external_data.push(Default::default()), "kept in another file");
    }

    #[test]
    fn tensors_have_a_limit() {
        let with = |dims: &[i64]| {
            let mut model = sample();
            model.graph.as_mut().unwrap().initializer[0].dims = dims.to_vec();
            decode(&model.encode_to_vec(), 2).map(|_| ())
        };
        assert_eq!(with(&[ELEMENTS_MAX as i64]), Ok(()));
        for dims in [&[ELEMENTS_MAX as i64 + 1][..], &[i64::MAX, i64::MAX], &[-1]] {
            assert!(with(dims).unwrap_err().contains("no size that a model needs"));
        }
    }

    #[test]
    fn only_the_proven_operations_run() {
        check(
            |_, graph| graph.node[0].op_type = "TreeEnsembleClassifier".into(),
            "`TreeEnsembleClassifier` is none of",
        );
        check(|_, graph| graph.node[0].domain = "ai.onnx.ml".into(), "is none of");
        check(|_, graph| graph.node[1].attribute[0].r#type = AttributeType::Graph as i32, "is no integer");
        check(|model, _| model.functions.push(Default::default()), "functions");
        check(|_, graph| graph.sparse_initializer.push(Default::default()), "sparse");
    }

    #[test]
    fn what_is_no_model_is_said_to_be_none() {
        assert!(decode(b"\xff\xff\xff", 1).unwrap_err().contains("not an ONNX model"));
        assert!(decode(b"", 1).unwrap_err().contains("no graph"));
    }
}
