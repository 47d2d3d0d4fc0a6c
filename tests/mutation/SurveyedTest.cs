namespace NbnsSim.Mutation;

/// <summary>A test with the processor time that it takes without a mutant.</summary>
internal sealed record SurveyedTest(string Name, double Milliseconds);
