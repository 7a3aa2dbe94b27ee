namespace Bifrost.Core.Contracts;

/// <summary>Told of every exchange once it is read and nothing is decided about it yet. Every exchange that is greeted is settled. Any thread; quick, and
/// never throws.</summary>
public interface IGreeter
{
    void Greet(Exchange exchange);
}
