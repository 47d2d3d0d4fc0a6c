namespace NbnsSim.Cluster.Tests;

/// <summary>The forms in which the place of Redis is given, and that no secret comes out again.</summary>
public sealed class RedisSettingsTests
{
    [TestCase("redis://h", "h:6379", null, null, false, 0)]
    [TestCase("redis://:pa%3Ass@h:7000/3", "h:7000", null, "pa:ss", false, 3)]
    [TestCase("rediss://me:secret@h", "h:6379 (TLS)", "me", "secret", true, 0)]
    [TestCase("h:7000,password=secret,ssl=true,user=me", "h:7000 (TLS)", "me", "secret", true, 0)]
    [TestCase("127.0.0.1:7000", "127.0.0.1:7000", null, null, false, 0)]
    public void EachFormIsUnderstood(string text, string place, string? user, string? password, bool isTls, int database)
    {
        var settings = RedisSettings.Parse(text);
        var options = settings.ToOptions();
        Assert.That($"{settings}", Is.EqualTo(place));
        Assert.That((options.User, settings.Password, options.Ssl, options.DefaultDatabase ?? 0), Is.EqualTo((user, password, isTls, database)));
    }

    [TestCase("redis://")]
    [TestCase("http://:secret@h")]
    [TestCase("redis://:secret@h/secret")]
    [TestCase("")]
    [TestCase("h,connectTimeout=secret")]
    [TestCase("h,secret=1")]
    public void WhatIsNoPlaceIsSaidWithoutRepeatingIt(string text) =>
        Assert.That(() => RedisSettings.Parse(text), Throws.InstanceOf<FormatException>().With.Message.Not.Contains("secret"));
}
