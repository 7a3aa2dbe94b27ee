using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace Bifrost.Benchmarks.Wire;

/// <summary>What finding the model in a chat body costs with the runtime's own reader: the figure our envelope scan has to beat.</summary>
[MemoryDiagnoser]
public class JsonReaderBaseline
{
    private byte[] body = [];

    /// <summary>Characters of prompt before the model; every eighth is an escape, as in prompts that hold code or JSON.</summary>
    [Params(128, 65_536)]
    public int Prompt { get; set; }

    /// <summary>Builds a body whose model comes after its messages, as the Python SDK writes it.</summary>
    [GlobalSetup]
    public void Build()
    {
        var text = new StringBuilder();
        while (text.Length < Prompt)
        {
            text.Append("sample\\n");
        }

        body = Encoding.UTF8.GetBytes(
            $$"""{"messages":[{"role":"user","content":"{{text}}"}],"model":"openai/gpt-4o-mini","stream":true}"""
        );
    }

    /// <summary>The length of the model's name.</summary>
    [Benchmark]
    public int FindModel()
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                return reader.ValueSpan.Length;
            }

            reader.Skip();
        }

        return 0;
    }
}
