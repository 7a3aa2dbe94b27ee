using Bifrost.Admin.Http;
using Bifrost.Configuration;
using Bifrost.Core.World;

namespace Bifrost.Admin.Logs;

/// <summary>A parameter that is one of a few words.</summary>
internal static class Choice
{
    public static T Of<T>(Call call, string parameter, IReadOnlyList<(string Word, T Value)> choices, T usual, List<Mistake> mistakes)
    {
        if (call.Text(parameter) is not { } text)
        {
            return usual;
        }

        foreach (var (word, value) in choices)
        {
            if (word == text)
            {
                return value;
            }
        }

        var words = choices.Select(static c => c.Word).ToList();
        mistakes.Add(
            new Mistake(parameter, $"{Shown.Quoted(text)} is none of {string.Join(", ", words)}.{NearMiss.Question(text, words)}")
        );
        return usual;
    }
}
