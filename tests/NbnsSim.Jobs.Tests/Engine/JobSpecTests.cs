using System.Text.Json;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>A spec as data.</summary>
public sealed class JobSpecTests
{
    private static readonly JobKind Squares = new("squares", read => new SquaresSpec(read.GetProperty("upTo").GetInt32()));

    [Test]
    public void ASpecIsOneLineOfCanonicalJson() => Assert.That(new SquaresSpec(7).ToJson(), Is.EqualTo("""{"kind":"squares","upTo":7}"""));

    [Test]
    public void ItsIdIsTheBeginningOfTheHashOfThat() => Assert.That(new SquaresSpec(7).Id, Is.EqualTo("51a3268bc05331b1f1f2abf841f75fb9"));

    [Test]
    public void ItComesBackFromItsJson() => Assert.That(JobSpec.Parse(new SquaresSpec(7).ToJson(), Squares), Is.EqualTo(new SquaresSpec(7)));

    [TestCase("", "no specification of a job")]
    [TestCase("[]", "no specification of a job")]
    [TestCase("{}", "no specification of a job")]
    [TestCase("""{"kind":7}""", "no specification of a job")]
    [TestCase("""{"kind":"squares"}""", "no specification of a job")]
    [TestCase("""{"kind":"squares","upTo":"x"}""", "no specification of a job")]
    [TestCase("""{"kind":"cub\u0007es"}""", @"no kind of job 'cub\u0007es'")]
    public void WhatIsNoSpecIsSaidToBeNone(string json, string message) =>
        Assert.That(() => JobSpec.Parse(json, Squares), Throws.TypeOf<JobException>().With.Message.Contains(message));

    private sealed record SquaresSpec(int UpTo) : JobSpec
    {
        public override string Kind => "squares";

        public override IJobWork CreateWork() => throw new NotSupportedException();

        protected override void WriteProperties(Utf8JsonWriter writer) => writer.WriteNumber("upTo", UpTo);
    }
}
