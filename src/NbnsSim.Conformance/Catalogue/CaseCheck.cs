namespace NbnsSim.Conformance;

/// <summary>What the shape of a case file does not enforce.</summary>
internal static class CaseCheck
{
    /// <exception cref="FormatException">The case says something that cannot be run.</exception>
    public static void Check(ConformanceCase test)
    {
        for (int i = 0; i < test.Data.Steps.Length; i++)
        {
            try
            {
                Check(test, test.Data.Steps[i]);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or System.Text.Json.JsonException)
            {
                throw new FormatException($"{test.Id}, step {i + 1}: {exception.Message}", exception);
            }
        }

        if (!test.Data.Steps.Any(step => step.Expect is not null))
            throw new FormatException($"{test.Id} expects nothing.");
        if (test.Role == ConformanceRole.Client != test.Data.Setup is not null)
            throw new FormatException($"{test.Id}: a client's case, and no other, has a setup.");
    }

    private static void Check(ConformanceCase test, StepData step)
    {
        int acts = Count(step.Send is not null, step.Noise > 0, step.Given is not null, step.On is not null, step.Wait is not null, step.Start, step.Stop, step.Command is not null);
        if (acts != 1)
            throw new FormatException("one of send, noise, given, on, wait, start, stop and command is to be done.");
        foreach (var packet in step.Packets())
            PacketKinds.Check(packet);
        if ((step.Send ?? step.Given) is { Kind: { } kind, Name: null })
            throw new FormatException($"which name is the {kind} about?");
        foreach (var matcher in step.Matchers())
            CaseMatcher.Check(matcher);
        foreach (var alternative in step.Expect ?? [])
        {
            if (Count(alternative.Pass is not null, alternative.Dialect is not null, alternative.Fail is not null) != 1)
                throw new FormatException("an alternative passes, is a dialect, or fails.");
            if (alternative.Dialect is not null && alternative.Source is null)
                throw new FormatException($"who does that? \"{alternative.Dialect}\" needs a source.");
            foreach (string profile in (alternative.Profile ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                _ = Enum.Parse<ConformanceProfile>(profile, ignoreCase: true);
        }

        if (step.Given is not null)
            _ = step.ReplyMatcher;
        if (step.Each is not null and not "prefix")
            throw new FormatException($"each {step.Each}: only prefix is known.");
        if ((step.Start || step.Stop) && test.Role != ConformanceRole.Client)
            throw new FormatException("only a client is started and stopped.");
    }

    private static int Count(params ReadOnlySpan<bool> conditions)
    {
        int count = 0;
        foreach (bool condition in conditions)
            count += condition ? 1 : 0;
        return count;
    }
}
