using NbnsSim.Diagnosis;

namespace NbnsSim.Jobs.Tables;

/// <summary>Something that the diagnosis found: a row of <see cref="JobTables.Decisions"/>.</summary>
/// <param name="Number">Its number, 1 for the first.</param>
/// <param name="Finding">What was found; its frames are numbers of datagrams.</param>
public readonly record struct DecisionRow(long Number, Finding Finding);
