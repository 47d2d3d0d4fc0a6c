namespace NbnsSim.Nodes;

/// <summary>Which command of an <see cref="EndNode"/> a result belongs to.</summary>
/// <param name="Value">1 and up within a node; 0 for none.</param>
public readonly record struct OperationId(int Value);
